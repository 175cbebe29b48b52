package org.intarsia.backend.cpu.step;

import java.util.Map;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Normalize;

/** Normalisations, softmax, and their gradients: each row is read twice while it is in the cache. */
public final class NormalizeSteps {
    private static final int GRAIN_ELEMENTS = 8192;
    /** Elements whose sum joins a total in float64, so that large groups stay exact. */
    private static final int CHUNK = 4096;

    private NormalizeSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("rmsNorm", NormalizeSteps::rmsNorm);
        table.put("layerNorm", NormalizeSteps::layerNorm);
        table.put("groupNorm", NormalizeSteps::groupNorm);
        table.put("normalizeGradient", NormalizeSteps::normalizeGradient);
        table.put("softmax", NormalizeSteps::softmax);
        table.put("softmaxGradient", NormalizeSteps::softmaxGradient);
    }

    /** Something done to each row along the innermost dimension; addresses are those of the row. */
    private interface Row {
        void apply(long index, int n);
    }

    private static Step rows(NodeBinding binding, Row row) {
        int n = Math.toIntExact(binding.shape(0).size(-1));
        long count = binding.shape(0).elements() / Math.max(1, n);
        return team -> team.split(count, Math.max(1, GRAIN_ELEMENTS / Math.max(1, n)), (first, last, worker) -> {
            for (long i = first; i < last; i++) {
                row.apply(i, n);
            }
        });
    }

    private static Step rmsNorm(NodeBinding binding) {
        double epsilon = binding.op(Normalize.RmsNorm.class).epsilon();
        RowKernels kernels = binding.kernels().rows();
        long weight = binding.operand(1);
        long x = binding.operand(0);
        long y = binding.result();
        return rows(binding, (row, n) -> {
            long at = 4 * row * n;
            float scale = (float) (1 / Math.sqrt(sumSquares(kernels, x + at, 0, n) / n + epsilon));
            kernels.scale(x + at, 0, scale, weight, y + at, n);
        });
    }

    private static double sum(RowKernels kernels, long x, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += CHUNK) {
            sum += kernels.sum(x + 4 * i, (int) Math.min(CHUNK, n - i));
        }
        return sum;
    }

    private static double sumSquares(RowKernels kernels, long x, float offset, long n) {
        double sum = 0;
        for (long i = 0; i < n; i += CHUNK) {
            sum += kernels.sumSquares(x + 4 * i, offset, (int) Math.min(CHUNK, n - i));
        }
        return sum;
    }

    /** Whether the weight of a layer norm repeats along outer dimensions only, so that each row has one row of weights. */
    public static boolean hasRowsOfWeights(Node node) {
        Shape weight = node.operand(1).shape();
        Shape x = node.shape();
        int leading = 0;
        while (leading < weight.rank() && weight.dim(leading).isFixed() && weight.size(leading) == 1) {
            leading++;
        }
        Shape inner = weight.drop(leading);
        return inner.rank() >= 1 && x.drop(x.rank() - inner.rank()).equals(inner);
    }

    private static Step layerNorm(NodeBinding binding) {
        double epsilon = binding.op(Normalize.LayerNorm.class).epsilon();
        RowKernels kernels = binding.kernels().rows();
        long x = binding.operand(0);
        long y = binding.result();
        long weight = binding.operand(1);
        long bias = binding.operand(2);
        long weightRows = Math.max(1, binding.shape(1).elements() / Math.max(1, binding.shape(0).size(-1)));
        return rows(binding, (row, n) -> {
            long at = 4 * row * n;
            long affine = 4 * (row % weightRows) * n;
            float mean = (float) (sum(kernels, x + at, n) / n);
            float scale = (float) (1 / Math.sqrt(sumSquares(kernels, x + at, -mean, n) / n + epsilon));
            kernels.scale(x + at, -mean, scale, weight + affine, bias + affine, y + at, n);
        });
    }

    private static Step groupNorm(NodeBinding binding) {
        Normalize.GroupNorm op = binding.op(Normalize.GroupNorm.class);
        RowKernels kernels = binding.kernels().rows();
        Shape shape = binding.shape();
        int channels = Math.toIntExact(shape.size(1) / op.groups());
        int plane = Math.toIntExact(shape.size(2) * shape.size(3));
        long n = (long) channels * plane;
        long x = binding.operand(0);
        long y = binding.result();
        long weight = binding.operand(1);
        long bias = binding.operand(2);
        return team -> team.split(shape.size(0) * op.groups(), Math.max(1, GRAIN_ELEMENTS / Math.max(1, n)), (first, last, worker) -> {
            for (long group = first; group < last; group++) {
                long from = x + 4 * group * n;
                long to = y + 4 * group * n;
                float mean = (float) (sum(kernels, from, n) / n);
                double scale = 1 / Math.sqrt(sumSquares(kernels, from, -mean, n) / n + op.epsilon());
                for (int channel = 0; channel < channels; channel++) {
                    long place = 4 * (group % op.groups() * channels + channel);
                    float factor = (float) (scale * Memory.getFloat(weight + place));
                    float offset = (float) (Memory.getFloat(bias + place) - (double) mean * factor);
                    kernels.affine(from + 4L * channel * plane, factor, offset, to + 4L * channel * plane, plane);
                }
            }
        });
    }

    /**
     * With normal = (x − mean) · scale and along = mean of gradient · normal, the gradient of x is
     * scale · (gradient − mean gradient − normal · along), a sum of multiples of gradient and x.
     */
    private static Step normalizeGradient(NodeBinding binding) {
        Normalize.NormalizeGradient op = binding.op(Normalize.NormalizeGradient.class);
        RowKernels kernels = binding.kernels().rows();
        long x = binding.operand(0);
        long gradient = binding.operand(1);
        long y = binding.result();
        return rows(binding, (row, n) -> {
            long at = 4 * row * n;
            float mean = op.centred() ? (float) (sum(kernels, x + at, n) / n) : 0;
            double meanGradient = op.centred() ? sum(kernels, gradient + at, n) / n : 0;
            double scale = 1 / Math.sqrt(sumSquares(kernels, x + at, -mean, n) / n + op.epsilon());
            double pull = 0;
            for (int i = 0; i < n; i += CHUNK) {
                pull += kernels.dot(gradient + at + 4L * i, x + at + 4L * i, -mean, Math.min(CHUNK, n - i));
            }
            double factor = -scale * scale * scale * pull / n;
            kernels.combine(gradient + at, (float) scale, x + at, (float) factor,
                    (float) (-meanGradient * scale - mean * factor), y + at, n);
        });
    }

    private static Step softmax(NodeBinding binding) {
        RowKernels kernels = binding.kernels().rows();
        long x = binding.operand(0);
        long y = binding.result();
        return rows(binding, (row, n) -> {
            long at = 4 * row * n;
            float sum = kernels.expSum(x + at, 1, kernels.max(x + at, n), y + at, n);
            kernels.affine(y + at, 1 / sum, 0, y + at, n);
        });
    }

    private static Step softmaxGradient(NodeBinding binding) {
        RowKernels kernels = binding.kernels().rows();
        long y = binding.operand(0);
        long gradient = binding.operand(1);
        long result = binding.result();
        return rows(binding, (row, n) -> {
            long at = 4 * row * n;
            float along = kernels.dot(y + at, gradient + at, 0, n);
            kernels.productOfDifference(y + at, gradient + at, along, result + at, n);
        });
    }
}
