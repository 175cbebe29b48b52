package org.intarsia.engine.api;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Measures how fast backends compute, beside what their devices can do at most. A service; safe for use by several
 * threads, though measurements that run at once disturb each other.
 */
@ProviderType
public interface Meter {

    /**
     * Measures a device, opened for this alone.
     *
     * @param placement which one
     * @param each      how long to measure each rate; at least one run is measured
     * @param progress  hears what is being done, one sentence
     * @throws org.intarsia.backend.api.BackendException when there is no such backend, or it has no such device
     */
    Rates measure(Placement placement, Duration each, Consumer<String> progress);

    /**
     * Measures how fast a model reads and makes pictures, as users get them: tokenizer, sampler and image decoder take
     * part.
     *
     * @param model    one that makes pictures
     * @param each     how long to measure each rate; at least one picture is made for it
     * @param progress hears what is being done, one sentence
     */
    Pace measure(Model model, Duration each, Consumer<String> progress);

    /**
     * What was measured.
     *
     * @param backend  the name of the backend
     * @param device   the device
     * @param limits   what it can do at most
     * @param products linear layers of several sizes, of large models and of the one in the box
     */
    record Rates(String backend, DeviceInfo device, Limits limits, List<Product> products) {
        public Rates {
            products = List.copyOf(products);
        }
    }

    /**
     * How fast a model is, at its best run.
     *
     * @param promptTokens      how many tokens of text were read
     * @param prefillPerSecond  tokens that were read in a second, all at once, up to the first token that came out
     * @param decodePerSecond   tokens that a single stream made in a second, one after the other
     * @param decodeBytes       bytes of weights a second that were read for that: what memory bounds
     * @param picturesPerSecond by sequences that run together: how many, and pictures a second, from the words to the
     *                          pixels
     */
    record Pace(int promptTokens, double prefillPerSecond, double decodePerSecond, double decodeBytes,
            SortedMap<Integer, Double> picturesPerSecond) {
        public Pace {
            picturesPerSecond = Collections.unmodifiableSortedMap(new TreeMap<>(picturesPerSecond));
        }
    }

    /**
     * A linear layer in F32, x (rows, inner) · weightᵀ, weight (columns, inner) → (rows, columns), compiled as a graph for
     * all threads.
     *
     * @param floatOperationsPerSecond of the fastest run, where a multiply-add counts as two
     */
    record Product(int rows, int inner, int columns, double floatOperationsPerSecond) {
    }
}
