package org.intarsia.weights.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.graph.Encoding;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorInfo;
import org.intarsia.weights.Weights;

/**
 * Whether a checkpoint is what somebody published, and holds nothing but numbers.
 *
 * @param hashes    SHA-256 of each file, in hexadecimal; empty where there was no manifest and none was wanted
 * @param ranges    of each tensor of floating-point values, in the order of their names
 * @param unchecked tensors whose type cannot be used, so that nothing is known about their values
 * @param wrong     all that is wrong, a sentence each
 */
public record Verification(String path, SortedMap<String, String> hashes, List<Range> ranges, List<String> unchecked,
        List<String> wrong) {

    /**
     * The values of a tensor.
     *
     * @param least    of those that are finite; so the others
     * @param notANumber how many are not numbers
     * @param infinite how many are infinite
     */
    public record Range(String name, String encoding, double least, double most, double mean, long notANumber,
            long infinite) {
    }

    /**
     * Checks a checkpoint.
     *
     * @param manifest what its files' hashes shall be
     * @param hashed   whether to hash the files even where there is no manifest
     */
    public static Verification of(Path path, Optional<Manifest> manifest, boolean hashed, ProgressListener listener) {
        List<String> wrong = new ArrayList<>();
        SortedMap<String, String> hashes = new TreeMap<>();
        if (hashed || manifest.isPresent()) {
            hashes.putAll(Manifest.of(path, listener).hashes());
        }
        manifest.ifPresent(expected -> wrong.addAll(expected.differences(hashes)));
        List<Range> ranges = new ArrayList<>();
        List<String> unchecked = new ArrayList<>();
        try (Weights weights = Checkpoint.open(path)) {
            long total = weights.list().stream().mapToLong(TensorInfo::bytes).sum();
            long done = 0;
            for (TensorInfo info : weights.list()) {
                if (!Usable.is(info)) {
                    unchecked.add(info.name());
                } else if (!Encoding.valueOf(info.encoding()).isInteger()) {
                    Range range = range(weights.get(info.name()), done, total, listener);
                    ranges.add(range);
                    complain(range, wrong);
                }
                done += info.bytes();
            }
        }
        return new Verification(path.toString(), hashes, ranges, unchecked, wrong);
    }

    private static void complain(Range range, List<String> wrong) {
        if (range.notANumber() + range.infinite() > 0) {
            wrong.add("the tensor " + Quoted.of(range.name()) + " holds values that are no use: " + range.notANumber()
                    + " not a number, " + range.infinite() + " infinite");
        }
    }

    private static Range range(Tensor tensor, long before, long total, ProgressListener listener) {
        Statistics all = new Statistics();
        Pieces.forEach(tensor.shape().elements(), (first, count) -> Statistics.of(tensor.floats(first, count)),
                (piece, elements) -> {
                    all.add(piece);
                    listener.at(tensor.name(), before + tensor.type().encoding().bytes(elements), total);
                });
        return new Range(tensor.name(), tensor.type().encoding().toString(), all.least, all.most, all.mean(),
                all.notANumber, all.infinite);
    }

    /** What adds up over pieces. */
    private static final class Statistics {
        private double least = Double.POSITIVE_INFINITY;
        private double most = Double.NEGATIVE_INFINITY;
        private double sum;
        private long finite;
        private long notANumber;
        private long infinite;

        static Statistics of(float[] values) {
            Statistics found = new Statistics();
            for (float value : values) {
                if (Float.isFinite(value)) {
                    found.least = Math.min(found.least, value);
                    found.most = Math.max(found.most, value);
                    found.sum += value;
                    found.finite++;
                } else if (Float.isNaN(value)) {
                    found.notANumber++;
                } else {
                    found.infinite++;
                }
            }
            return found;
        }

        void add(Statistics other) {
            least = Math.min(least, other.least);
            most = Math.max(most, other.most);
            sum += other.sum;
            finite += other.finite;
            notANumber += other.notANumber;
            infinite += other.infinite;
        }

        double mean() {
            return finite == 0 ? 0 : sum / finite;
        }
    }
}
