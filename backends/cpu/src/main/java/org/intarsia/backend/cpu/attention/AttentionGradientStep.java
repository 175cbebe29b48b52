package org.intarsia.backend.cpu.attention;

import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.product.Gemm;
import org.intarsia.backend.cpu.step.NodeBinding;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Attention;

/**
 * The gradients of attention by queries, keys and values. Head by head, a block of queries at a time, the weights are computed again
 * in place of being kept, as in FlashAttention (Dao et al., 2022); keys that no query of a block sees are left out.
 */
final class AttentionGradientStep implements Step {
    /** Floats of a block of weights. */
    private static final int WEIGHTS = 1 << 16;
    /** Fewer queries than this are not worth packing the keys. */
    private static final int LEAST_QUERIES = 96;

    private final Kernels kernels;
    private final TileCode code;
    private final float scale;
    private final long q;
    private final long k;
    private final long v;
    private final AttentionPlaces places;
    private final long gradient;
    private final long forQ;
    private final long forK;
    private final long forV;

    AttentionGradientStep(NodeBinding binding) {
        Attention.Gradient op = binding.op(Attention.Gradient.class);
        this.kernels = binding.kernels();
        this.code = binding.packed().tiles();
        this.scale = (float) op.scale();
        this.q = binding.operand(0);
        this.k = binding.operand(1);
        this.v = binding.operand(2);
        this.places = AttentionPlaces.of(binding.shape(0), binding.shape(1), op.causal() ? binding.operand(3) : 0);
        this.gradient = binding.operand(op.causal() ? 4 : 3);
        this.forQ = binding.result();
        this.forK = forQ + 4 * binding.shape(0).elements();
        this.forV = forK + 4 * binding.shape(1).elements();
    }

    @Override
    public void run(ThreadTeam team) {
        int length = places.length();
        int keyHeads = places.keyHeads();
        int headDim = places.headDim();
        int shared = places.shared();
        int block = Math.min(Math.max(WEIGHTS / places.context(), LEAST_QUERIES), length);
        // One task has all that adds to a key, in one order.
        team.run(places.sequences() * keyHeads, (task, worker) -> {
            int sequence = task / keyHeads;
            int keyHead = task % keyHeads;
            long keys = places.key(sequence, keyHead);
            for (int key = 0; key < places.context(); key++) {
                long at = keys + 4L * key * places.keyStep();
                kernels.rows().fill(0, forK + at, headDim);
                kernels.rows().fill(0, forV + at, headDim);
            }
            for (int head = keyHead * shared; head < (keyHead + 1) * shared; head++) {
                for (int first = 0; first < length; first += block) {
                    block(worker, sequence, head, keys, first, Math.min(block, length - first));
                }
            }
        });
    }

    private void block(Worker worker, int sequence, int head, long keys, int first, int count) {
        long query = places.query(sequence, first, head);
        int queryRow = places.queryStep();
        int keyRow = places.keyStep();
        int headDim = places.headDim();
        int seen = places.seen(sequence, first, count);
        long bytes = (4L * count * seen + 63) & -64;
        long weights = worker.scratch(2 * bytes);
        long scores = weights + bytes;
        Gemm.Left queries = new Gemm.Left(Encoding.F32, queryRow, 1);
        Gemm.Left rows = new Gemm.Left(Encoding.F32, seen, 1);
        Gemm.Left turned = new Gemm.Left(Encoding.F32, 1, seen);
        product(worker, count, seen, headDim, q + query, queries, k + keys, 1, keyRow, weights, 4L * seen, false);
        product(worker, count, seen, headDim, gradient + query, queries, v + keys, 1, keyRow, scores, 4L * seen, false);
        for (int i = 0; i < count; i++) {
            softmax(weights + 4L * i * seen, scores + 4L * i * seen, places.seen(sequence, first + i), seen);
        }
        product(worker, count, headDim, seen, scores, rows, k + keys, keyRow, 1, forQ + query, 4L * queryRow, false);
        product(worker, seen, headDim, count, scores, turned, q + query, queryRow, 1, forK + keys, 4L * keyRow, true);
        product(worker, seen, headDim, count, weights, turned, gradient + query, queryRow, 1, forV + keys, 4L * keyRow, true);
    }

    /** The weights of a row in place of its products, and the gradient of the products in place of that of the weights. */
    private void softmax(long weights, long scores, int seen, int all) {
        RowKernels rows = kernels.rows();
        float most = ScoreSoftmax.max(rows, weights, scale, seen);
        float sum = rows.expSum(weights, scale, most, weights, seen);
        rows.affine(weights, 1 / sum, 0, weights, seen);
        rows.productOfDifference(weights, scores, rows.dot(weights, scores, 0, seen), scores, seen);
        rows.affine(scores, scale, 0, scores, seen);
        rows.fill(0, weights + 4L * seen, all - seen);
        rows.fill(0, scores + 4L * seen, all - seen);
    }

    /** c (+)= a · b, neighbours of b along the inner dimension lying {@code step}, along the columns {@code columnStep} elements apart. */
    private void product(Worker worker, int rows, int columns, int inner, long a, Gemm.Left left, long b, long step, long columnStep,
            long c, long cRow, boolean accumulate) {
        new Gemm(kernels.tiles(), code, rows, columns, inner, 1).run(worker, a, left,
                Gemm.strided(kernels.tiles(), Encoding.F32, step, columnStep, b), c, cRow, accumulate);
    }
}
