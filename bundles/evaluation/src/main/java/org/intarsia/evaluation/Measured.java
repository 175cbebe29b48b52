package org.intarsia.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Meter;
import org.intarsia.graph.Encoding;
import org.intarsia.training.api.Training;

/**
 * What {@code bench --json} prints. A multiply-add counts as two operations; shares are from 0, and 1 is the limit. What was
 * not measured is null, and says why.
 *
 * @param backend   the backend's name
 * @param device    the device
 * @param limits    what it can do at most
 * @param precision {@code exact} or {@code fast}: how products, attention, model and decoder were computed
 * @param products  linear layers; none where they were not asked for
 * @param attention attention of one layer; none where it was not asked for
 * @param model     a model; null where it was not asked for
 * @param decoder   the model's image decoder; null where it was not asked for, and for models of text unless asked for by name
 * @param training  a line for each stage of each recipe; none where it was not asked for
 * @param baseline  all this beside an earlier run; null where there is none
 */
public record Measured(String backend, DeviceInfo device, Limits limits, String precision, List<Product> products,
        List<Attention> attention, Optional<Modelled> model, Optional<Decoder> decoder, List<Learning> training,
        Optional<Baseline.Comparison> baseline) {

    /** The same beside an earlier run. */
    Measured beside(Baseline then) {
        return new Measured(backend, device, limits, precision, products, attention, model, decoder, training,
                Optional.of(then.with(Baseline.of(this))));
    }

    /**
     * Why something was not measured.
     *
     * @param reason     one clause, which says what mends it where that is known
     * @param runSeconds how long one run would take, where that is the reason; an estimate from smaller ones
     */
    public record Unmeasured(String reason, Optional<Double> runSeconds) {
        private static Optional<Unmeasured> of(Meter.Rate rate) {
            return rate.reason().map(reason -> new Unmeasured(rate.runSeconds().map(Unmeasured::tooLong).orElse(reason),
                    rate.runSeconds()));
        }

        private static String tooLong(double seconds) {
            return "one run would take about " + span(seconds) + "; --seconds " + (1 + (long) seconds / Meter.LONGEST) + " would";
        }

        private static String span(double seconds) {
            return seconds < 120 ? String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds)
                    : seconds < 7200 ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                    : String.format(Locale.ROOT, "%.0f h", seconds / 3600);
        }
    }

    /**
     * A linear layer (rows, inner) · (inner, columns).
     *
     * @param encoding                 how the weight is stored; what it meets is F32
     * @param floatOperationsPerSecond of the fastest run
     * @param shareOfLimit             of the limit of F32 operations; above 1 where a device computes other encodings faster
     * @param weightBytesPerSecond     bytes of the weight as it is stored that were read for that
     * @param shareOfCopies            compares those with the bytes that a copy moves, read and written together
     * @param unmeasured               why there are no rates
     */
    public record Product(int rows, int inner, int columns, Encoding encoding, Optional<Double> floatOperationsPerSecond,
            Optional<Double> shareOfLimit, Optional<Double> weightBytesPerSecond, Optional<Double> shareOfCopies,
            Optional<Unmeasured> unmeasured) {
        static Product of(Meter.Product product, Limits limits) {
            Optional<Double> operations = product.runs().perSecond().map(runs -> runs * product.floatOperations());
            Optional<Double> bytes = product.runs().perSecond().map(runs -> runs * product.weightBytes());
            return new Product(product.rows(), product.inner(), product.columns(), product.encoding(), operations,
                    operations.map(rate -> rate / limits.floatOperations()), bytes, bytes.map(rate -> rate / limits.bytes()),
                    Unmeasured.of(product.runs()));
        }
    }

    /**
     * Causal attention of one sequence, whose queries are those of the last places.
     *
     * @param queries                  how many places ask: all of a prompt, its last part, or the last one alone, as in a decode step
     * @param context                  how many places have keys and values
     * @param heads                    heads of queries
     * @param keyHeads                 heads of keys and values
     * @param headDim                  size of a head
     * @param runsPerSecond            runs of one layer
     * @param floatOperationsPerSecond of the fastest run; places that are masked count, too
     * @param shareOfLimit             of the limit of F32 operations
     * @param cacheBytesPerSecond      bytes of keys and values that were read for that, once a run
     * @param shareOfCopies            compares those with the bytes that a copy moves, read and written together
     * @param unmeasured               why there are no rates
     */
    public record Attention(int queries, int context, int heads, int keyHeads, int headDim, Optional<Double> runsPerSecond,
            Optional<Double> floatOperationsPerSecond, Optional<Double> shareOfLimit, Optional<Double> cacheBytesPerSecond,
            Optional<Double> shareOfCopies, Optional<Unmeasured> unmeasured) {
        static Attention of(Meter.Attention attention, Limits limits) {
            Optional<Double> runs = attention.runs().perSecond();
            Optional<Double> operations = runs.map(rate -> rate * attention.floatOperations());
            Optional<Double> bytes = runs.map(rate -> rate * attention.cacheBytes());
            return new Attention(attention.queries(), attention.context(), attention.heads(), attention.keyHeads(),
                    attention.headDim(), runs, operations, operations.map(rate -> rate / limits.floatOperations()), bytes,
                    bytes.map(rate -> rate / limits.bytes()), Unmeasured.of(attention.runs()));
        }
    }

    /**
     * An image decoder alone.
     *
     * @param name              the model's name
     * @param codes             codes of a picture
     * @param width             pixels in a row
     * @param height            rows of pixels
     * @param picturesPerSecond one after the other
     * @param unmeasured        why there is no rate
     */
    public record Decoder(String name, int codes, int width, int height, Optional<Double> picturesPerSecond,
            Optional<Unmeasured> unmeasured) {
        static Decoder of(String name, Meter.Decoding decoding) {
            return new Decoder(name, decoding.codes(), decoding.width(), decoding.height(), decoding.pictures().perSecond(),
                    Unmeasured.of(decoding.pictures()));
        }
    }

    /**
     * A model.
     *
     * @param name             its name
     * @param precision        {@code exact} or {@code fast}
     * @param makes            {@code pictures} or {@code text}: what it was measured with
     * @param promptTokens     how many tokens were read
     * @param prefillPerSecond tokens read in a second, all at once, by one sequence
     * @param decode           one token after the other, by sequences that run together
     * @param pictures         whole pictures, from the words to the pixels; none where it makes none
     */
    public record Modelled(String name, String precision, String makes, int promptTokens, double prefillPerSecond, List<Decode> decode,
            List<Pictures> pictures) {
        static Modelled of(String name, Precision precision, Meter.Pace pace, Limits limits) {
            return new Modelled(name, precision.toString(), pace.picturesPerSecond().isEmpty() ? "text" : "pictures", pace.promptTokens(),
                    pace.prefillPerSecond(),
                    pace.decodePerSecond().entrySet().stream().map(entry -> Decode.of(entry, pace.weightBytes(), limits)).toList(),
                    pace.picturesPerSecond().entrySet().stream().map(Pictures::of).toList());
        }
    }

    /**
     * Tokens, one after the other.
     *
     * @param together             how many sequences ran together
     * @param tokensPerSecond      of all together
     * @param weightBytesPerSecond bytes of weights that were read for that, once a step for all together
     * @param shareOfCopies        compares those with the bytes that a copy moves, read and written together
     * @param unmeasured           why there are no rates
     */
    public record Decode(int together, Optional<Double> tokensPerSecond, Optional<Double> weightBytesPerSecond,
            Optional<Double> shareOfCopies, Optional<Unmeasured> unmeasured) {
        private static Decode of(Map.Entry<Integer, Meter.Rate> entry, long weightBytes, Limits limits) {
            int together = entry.getKey();
            Optional<Double> tokens = entry.getValue().perSecond();
            Optional<Double> bytes = tokens.map(rate -> rate / together * weightBytes);
            return new Decode(together, tokens, bytes, bytes.map(rate -> rate / limits.bytes()), Unmeasured.of(entry.getValue()));
        }
    }

    /**
     * Whole pictures.
     *
     * @param together          how many are made together
     * @param picturesPerSecond of all together
     * @param unmeasured        why there is no rate
     */
    public record Pictures(int together, Optional<Double> picturesPerSecond, Optional<Unmeasured> unmeasured) {
        private static Pictures of(Map.Entry<Integer, Meter.Rate> entry) {
            return new Pictures(entry.getKey(), entry.getValue().perSecond(), Unmeasured.of(entry.getValue()));
        }
    }

    /**
     * One stage of a recipe.
     *
     * @param recipe                   its name
     * @param stage                    what was trained
     * @param samplesPerSecond         samples learned from
     * @param floatOperationsPerSecond of the products and convolutions, forward and backward
     * @param shareOfLimit             of the limit of F32 operations
     */
    public record Learning(String recipe, String stage, double samplesPerSecond, double floatOperationsPerSecond,
            double shareOfLimit) {
        static Learning of(String recipe, Training.Rate rate, Limits limits) {
            return new Learning(recipe, rate.stage(), rate.samplesPerSecond(), rate.floatOperationsPerSecond(),
                    rate.floatOperationsPerSecond() / limits.floatOperations());
        }
    }
}
