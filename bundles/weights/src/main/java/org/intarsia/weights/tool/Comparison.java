package org.intarsia.weights.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorInfo;
import org.intarsia.weights.Weights;

/**
 * In what two checkpoints differ.
 *
 * @param onlyInFirst  tensors that the second lacks
 * @param onlyInSecond tensors that the first lacks
 * @param misshapen    tensors of different shapes; their values are not compared
 * @param differences  tensors of the same shape that are stored or valued differently
 * @param equal        how many are the same, value for value and in the same encoding
 * @param uncompared   tensors of a type that cannot be used
 */
public record Comparison(String first, String second, List<String> onlyInFirst, List<String> onlyInSecond,
        List<Misshapen> misshapen, List<Difference> differences, long equal, List<String> uncompared) {

    /** A tensor of different shapes. */
    public record Misshapen(String name, String first, String second) {
    }

    /**
     * A tensor that differs.
     *
     * @param most     the largest difference of two values; not a number where one of the two is none
     * @param relative the length of the difference over that of the first tensor, both taken as vectors
     */
    public record Difference(String name, String first, String second, double most, double relative) {
    }

    /** Whether there is any difference at all. */
    public boolean same() {
        return onlyInFirst.isEmpty() && onlyInSecond.isEmpty() && misshapen.isEmpty() && differences.isEmpty();
    }

    /** Compares two checkpoints. */
    public static Comparison of(Path first, Path second, ProgressListener listener) {
        try (Weights a = Checkpoint.open(first); Weights b = Checkpoint.open(second)) {
            SortedMap<String, TensorInfo> others = new TreeMap<>();
            b.list().forEach(info -> others.put(info.name(), info));
            List<String> onlyInFirst = new ArrayList<>();
            List<Misshapen> misshapen = new ArrayList<>();
            List<Difference> differences = new ArrayList<>();
            List<String> uncompared = new ArrayList<>();
            long equal = 0;
            long done = 0;
            long total = a.list().stream().mapToLong(TensorInfo::bytes).sum();
            for (TensorInfo info : a.list()) {
                TensorInfo other = others.remove(info.name());
                if (other == null) {
                    onlyInFirst.add(info.name());
                } else if (!info.shape().equals(other.shape())) {
                    misshapen.add(new Misshapen(info.name(), info.encoding() + info.shape(), other.encoding() + other.shape()));
                } else if (!Usable.is(info) || !Usable.is(other)) {
                    uncompared.add(info.name());
                } else {
                    Difference difference = difference(a.get(info.name()), b.get(info.name()), done, total, listener);
                    // Written so that what is not a number counts as different.
                    if (difference.most() == 0 && difference.first().equals(difference.second())) {
                        equal++;
                    } else {
                        differences.add(difference);
                    }
                }
                done += info.bytes();
            }
            return new Comparison(first.toString(), second.toString(), onlyInFirst, List.copyOf(others.keySet()), misshapen, differences,
                    equal, uncompared);
        }
    }

    private static Difference difference(Tensor a, Tensor b, long before, long total, ProgressListener listener) {
        Sums all = new Sums();
        // The same bytes are the same values, also where they are not numbers.
        if (!a.type().equals(b.type()) || a.content().mismatch(b.content()) >= 0) {
            Pieces.forEach(a.shape().elements(), (first, count) -> Sums.of(values(a, first, count), values(b, first, count)),
                    (piece, elements) -> {
                        all.add(piece);
                        listener.at(a.name(), before + a.type().encoding().bytes(elements), total);
                    });
        }
        listener.at(a.name(), before + a.type().bytes(), total);
        return new Difference(a.name(), a.type().encoding().toString(), b.type().encoding().toString(), all.most,
                all.off == 0 ? 0 : Math.sqrt(all.off / all.squares));
    }

    private static double[] values(Tensor tensor, long first, int count) {
        double[] values = new double[count];
        if (tensor.type().encoding().isInteger()) {
            int[] ints = tensor.ints();
            for (int i = 0; i < count; i++) {
                values[i] = ints[(int) first + i];
            }
        } else {
            float[] floats = tensor.floats(first, count);
            for (int i = 0; i < count; i++) {
                values[i] = floats[i];
            }
        }
        return values;
    }

    /** What adds up over pieces. */
    private static final class Sums {
        private double most;
        private double off;
        private double squares;

        static Sums of(double[] a, double[] b) {
            Sums found = new Sums();
            for (int i = 0; i < a.length; i++) {
                double off = Double.compare(a[i], b[i]) == 0 ? 0 : Math.abs(a[i] - b[i]);
                found.most = Math.max(found.most, off);
                found.off += off * off;
                found.squares += a[i] * a[i];
            }
            return found;
        }

        void add(Sums other) {
            most = Math.max(most, other.most);
            off += other.off;
            squares += other.squares;
        }
    }
}
