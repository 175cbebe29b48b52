package org.intarsia.engine.api;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.graph.Encoding;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Measures how fast backends compute, beside what their devices can do at most. A service; safe for use by several
 * threads, though measurements that run at once disturb each other.
 *
 * <p>Every rate is that of the fastest run, since machines are shared. A run that would take far longer than each rate is
 * to be measured is not begun, see {@link #LONGEST}. Each method ends with a
 * {@link java.util.concurrent.CancellationException} soon after its thread was interrupted.
 */
@ProviderType
public interface Meter {

    /** A run that would take more than so many times the time to measure each rate is not begun. */
    int LONGEST = 10;

    /**
     * Measures what a device can do at most; it is opened for this alone.
     *
     * @param placement which one
     * @param progress  hears what is being done, one sentence
     * @throws org.intarsia.backend.api.BackendException when there is no such backend, or it has no such device
     */
    Roofline limits(Placement placement, Consumer<String> progress);

    /**
     * Measures linear layers of several sizes, of large models and of the one in the box, with weights in the encodings that
     * matter there. The device is opened for this alone.
     *
     * @param placement which device, and how exactly it computes
     * @param each      how long to measure each rate; at least one run is measured, and six of short ones
     * @param progress  hears what is being done, one sentence
     * @throws org.intarsia.backend.api.BackendException when there is no such backend, or it has no such device; what the
     *                                                   device refuses stands among the products
     */
    List<Product> products(Placement placement, Duration each, Consumer<String> progress);

    /**
     * Measures causal attention of one layer of a large model, for prompts and for single tokens behind contexts of several
     * lengths. The device is opened for this alone.
     *
     * @param placement which device, and how exactly it computes
     * @param each      how long to measure each rate; at least one run is measured, and six of short ones
     * @param progress  hears what is being done, one sentence
     * @throws org.intarsia.backend.api.BackendException when there is no such backend, or it has no such device; what the
     *                                                   device refuses stands among the results
     */
    List<Attention> attention(Placement placement, Duration each, Consumer<String> progress);

    /**
     * Measures how fast a model reads and makes tokens and pictures, as users get them: tokenizer, sampler and image decoder
     * take part. The prompt is as long as the model's context and the time allow, up to some 200 words.
     *
     * @param model    the model
     * @param each     how long to measure each rate; at least one run is measured, and six of short ones
     * @param progress hears what is being done, one sentence
     * @throws org.intarsia.model.api.ModelException     when a component is missing
     * @throws org.intarsia.backend.api.BackendException when the model does not run there even with a short prompt
     */
    Pace pace(Model model, Duration each, Consumer<String> progress);

    /**
     * Measures how fast a model's image decoder turns the codes of a whole picture into pixels. No transformer takes part.
     *
     * @param model    a model that makes pictures
     * @param each     how long to measure; at least one run is measured, and six of short ones
     * @param progress hears what is being done, one sentence
     * @throws org.intarsia.model.api.ModelException when the model makes no pictures, or a component is missing
     */
    Decoding decoding(Model model, Duration each, Consumer<String> progress);

    /**
     * A device and its limits.
     *
     * @param backend the name of the backend
     * @param device  the device
     * @param limits  what it can do at most
     */
    record Roofline(String backend, DeviceInfo device, Limits limits) {
    }

    /**
     * How often something is done in a second, or why that was not measured.
     *
     * @param perSecond  above 0; nothing where it was not measured
     * @param reason     why not, one clause; nothing where it was measured
     * @param runSeconds how long one run would take, estimated from smaller ones, where that is the reason
     */
    record Rate(Optional<Double> perSecond, Optional<String> reason, Optional<Double> runSeconds) {

        /** A rate that was measured. */
        public static Rate of(double perSecond) {
            return new Rate(Optional.of(perSecond), Optional.empty(), Optional.empty());
        }

        /** None, for a reason in one clause. */
        public static Rate none(String reason) {
            return new Rate(Optional.empty(), Optional.of(reason), Optional.empty());
        }

        /** None, since one run would take so many seconds. */
        public static Rate tooLong(double runSeconds) {
            return new Rate(Optional.empty(), Optional.of("one run would take too long"), Optional.of(runSeconds));
        }
    }

    /**
     * A linear layer, x (rows, inner) in F32 · weightᵀ, weight (columns, inner) → (rows, columns), compiled as a graph for
     * all threads.
     *
     * @param encoding        how the weight is stored
     * @param weightBytes     how many bytes it takes so, all of which a run reads
     * @param floatOperations those of one run, where a multiply-add counts as two
     * @param runs            runs a second; up to 8 rows meet so many equal weights that no cache holds them, one after the
     *                        other, and each counts as a run
     */
    record Product(int rows, int inner, int columns, Encoding encoding, long weightBytes, double floatOperations, Rate runs) {
    }

    /**
     * Causal attention of one sequence, in F32: the queries are those of the last places of the context.
     *
     * @param queries         how many places ask: all of a prompt, its last part, or the last one alone
     * @param context         how many places have keys and values
     * @param heads           heads of queries
     * @param keyHeads        heads of keys and values
     * @param headDim         size of a head
     * @param cacheBytes      bytes of keys and values, all of which a single query reads
     * @param floatOperations those of both products; a multiply-add counts as two, and places that are masked count, too
     * @param runs            runs a second; a single query meets so many equal caches that no processor cache holds them, one
     *                        after the other, and each counts as a run
     */
    record Attention(int queries, int context, int heads, int keyHeads, int headDim, long cacheBytes, double floatOperations,
            Rate runs) {
    }

    /**
     * How fast an image decoder is.
     *
     * @param codes    codes of a picture
     * @param width    pixels in a row
     * @param height   rows of pixels
     * @param pictures pictures a second, one after the other
     */
    record Decoding(int codes, int width, int height, Rate pictures) {
    }

    /**
     * How fast a model is. Sequences that run together have equal prompts, and each step makes one token of each.
     *
     * @param goal              what it made: pictures where it can, else text
     * @param promptTokens      how many tokens were read, all at once
     * @param prefillPerSecond  tokens that a single sequence read in a second, up to the first token that came out
     * @param weightBytes       bytes of weights that each step reads
     * @param decodePerSecond   by sequences that run together: tokens that all together made in a second
     * @param picturesPerSecond by sequences that run together: pictures a second, from the words to the pixels, guided as the
     *                          model likes it; nothing where it makes none
     */
    record Pace(Goal goal, int promptTokens, double prefillPerSecond, long weightBytes,
            SortedMap<Integer, Rate> decodePerSecond, SortedMap<Integer, Rate> picturesPerSecond) {
        public Pace {
            decodePerSecond = Collections.unmodifiableSortedMap(new TreeMap<>(decodePerSecond));
            picturesPerSecond = Collections.unmodifiableSortedMap(new TreeMap<>(picturesPerSecond));
        }
    }
}
