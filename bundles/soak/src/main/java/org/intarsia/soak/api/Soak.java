package org.intarsia.soak.api;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps many generations in flight while backends, components and weights are swapped, stopped, updated and installed
 * again, at random from a seed; then counts what failed and what was left behind. A service; one run at a time.
 */
@ProviderType
public interface Soak {

    /**
     * What to do.
     *
     * @param model       the name of an installed model
     * @param seconds     how long at least generations are begun anew, 1 or more
     * @param generations how many are in flight at a time, 1 or more
     * @param swaps       how many swaps, evenly over that time, 0 or more
     * @param seed        begins the random choice of swaps
     */
    record Settings(String model, int seconds, int generations, int swaps, long seed) {
    }

    /**
     * What was seen.
     *
     * @param seconds            how long it took, until the last generation had ended
     * @param inFlight           how many generations were in flight at a time
     * @param generations        how many have ended
     * @param failed             how many of them ended with an error, or gave on one backend something else than undisturbed
     * @param told               how many ended with the sentence that something has left for too long; they do not count as
     *                           failed
     * @param diverged           how many gave other tokens than undisturbed after they had moved between backends
     * @param moved              how many have computed on more than one device
     * @param swaps              how many swaps were made
     * @param kinds              how many of each kind
     * @param pauseP99Ms         99 of 100 pauses of a generation in which something was swapped, of the last thousand, took at
     *                           most so many milliseconds, from token to token
     * @param pauseMaxMs         the longest such pause
     * @param gapP50Ms           for comparison: half of the times from token to token without a swap took at most so long
     * @param leakedClassLoaders class loaders of bundles that were replaced and are not collected
     * @param leakedThreads      threads more than before
     * @param leakedMappings     mapped files of bundles and models more than before; −1 where the system does not tell
     * @param leakedBuffers      bytes that devices still held when all was closed
     * @param left               the names of the threads and files, with # for numbers
     * @param firstProblem       the first error or divergence, in words
     */
    record Report(double seconds, int inFlight, int generations, int failed, int told, int diverged, int moved, int swaps,
            SortedMap<String, Integer> kinds, double pauseP99Ms, double pauseMaxMs, double gapP50Ms, int leakedClassLoaders,
            int leakedThreads, int leakedMappings, long leakedBuffers, List<String> left, Optional<String> firstProblem) {

        /** Whether nothing failed and nothing was left behind. */
        public boolean isClean() {
            return failed == 0 && leakedClassLoaders == 0 && leakedThreads == 0 && leakedMappings <= 0 && leakedBuffers == 0;
        }
    }

    /**
     * Runs. Afterwards all bundles are there and started as before, and no backend is preferred over the usual one.
     *
     * @param progress hears in a few words, now and then, how far it is
     * @throws InterruptedException when the thread is interrupted; generations are cancelled and bundles started again
     * @throws org.intarsia.model.api.ModelException when the model is not there
     */
    Report run(Settings settings, Consumer<String> progress) throws InterruptedException;
}
