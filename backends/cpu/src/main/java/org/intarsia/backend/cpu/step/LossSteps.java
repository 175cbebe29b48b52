package org.intarsia.backend.cpu.step;

import java.util.Map;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.graph.op.CrossEntropy;

/** Cross-entropy and its gradient. A target outside the classes is clamped. */
public final class LossSteps {
    private static final int GRAIN_ELEMENTS = 8192;

    private LossSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("crossEntropy", LossSteps::crossEntropy);
        table.put("crossEntropyGradient", LossSteps::gradient);
    }

    private static Step crossEntropy(NodeBinding binding) {
        double zLoss = binding.op(CrossEntropy.class).zLoss();
        RowKernels kernels = binding.kernels().rows();
        int classes = Math.toIntExact(binding.shape(0).size(1));
        long logits = binding.operand(0);
        long targets = binding.operand(1);
        long losses = binding.result();
        return team -> team.split(binding.shape(0).size(0), Math.max(1, GRAIN_ELEMENTS / classes), (first, last, worker) -> {
            long scratch = worker.scratch(4L * classes);
            for (long row = first; row < last; row++) {
                long at = logits + 4 * row * classes;
                float max = kernels.max(at, classes);
                double normalizer = max + StrictMath.log(kernels.expSum(at, 1, max, scratch, classes));
                float hit = Memory.getFloat(at + 4L * target(targets, row, classes));
                Memory.putFloat(losses + 4 * row, (float) (normalizer - hit + zLoss * normalizer * normalizer));
            }
        });
    }

    private static Step gradient(NodeBinding binding) {
        double zLoss = binding.op(CrossEntropy.Gradient.class).zLoss();
        RowKernels kernels = binding.kernels().rows();
        int classes = Math.toIntExact(binding.shape(0).size(1));
        long logits = binding.operand(0);
        long targets = binding.operand(1);
        long gradients = binding.operand(2);
        long result = binding.result();
        return team -> team.split(binding.shape(0).size(0), Math.max(1, GRAIN_ELEMENTS / classes), (first, last, worker) -> {
            for (long row = first; row < last; row++) {
                long at = logits + 4 * row * classes;
                long to = result + 4 * row * classes;
                float max = kernels.max(at, classes);
                float sum = kernels.expSum(at, 1, max, to, classes);
                double normalizer = max + StrictMath.log(sum);
                float gradient = Memory.getFloat(gradients + 4 * row);
                kernels.affine(to, (float) ((1 + 2 * zLoss * normalizer) * gradient / sum), 0, to, classes);
                long hit = to + 4L * target(targets, row, classes);
                Memory.putFloat(hit, Memory.getFloat(hit) - gradient);
            }
        });
    }

    private static int target(long targets, long row, int classes) {
        return (int) IndexSteps.row("crossEntropy", targets + 4 * row, classes);
    }
}
