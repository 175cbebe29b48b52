package org.intarsia.backend.cpu;

import org.intarsia.backend.api.BackendException;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Attention;

/**
 * Attention head by head. A few queries read keys and values in place; many are two matrix products over a block of
 * scores that stays in the cache. Keys behind the last position of a block are not looked at.
 */
final class AttentionStep implements Step {
    /** Fewer queries than this do without packing. */
    private static final int FEW = 8;
    /** Floats of a block of scores. */
    private static final int SCORES = 1 << 16;

    private final Kernels kernels;
    private final Attention op;
    private final long q;
    private final long k;
    private final long v;
    private final long result;
    private final long positions;
    private final long slots;
    private final int sequences;
    private final int length;
    private final int heads;
    private final int headDim;
    private final int keyRows;
    private final int context;
    private final int keyHeads;

    AttentionStep(Site site, Attention op) {
        this.kernels = site.kernels();
        this.op = op;
        this.q = site.operand(0);
        this.k = site.operand(1);
        this.v = site.operand(2);
        this.result = site.result();
        int plain = op.causal() ? 4 : 3;
        this.positions = op.causal() ? site.operand(3) : 0;
        this.slots = site.operands() > plain ? site.operand(plain) : 0;
        this.sequences = Math.toIntExact(site.shape(0).size(0));
        this.length = Math.toIntExact(site.shape(0).size(1));
        this.heads = Math.toIntExact(site.shape(0).size(2));
        this.headDim = Math.toIntExact(site.shape(0).size(3));
        this.keyRows = Math.toIntExact(site.shape(1).size(0));
        this.context = Math.toIntExact(site.shape(1).size(1));
        this.keyHeads = Math.toIntExact(site.shape(1).size(2));
    }

    @Override
    public void run(ThreadTeam team) {
        int block = Math.clamp(SCORES / context, 1, length);
        int blocks = Math.ceilDiv(length, block);
        team.run(sequences * heads * blocks, (task, worker) -> {
            int head = task % heads;
            int sequence = task / heads / blocks;
            int first = task / heads % blocks * block;
            block(worker, sequence, head, first, Math.min(block, length - first));
        });
    }

    private void block(Worker worker, int sequence, int head, int first, int count) {
        long row = slots == 0 ? sequence : Memory.getInt(slots + 4L * sequence);
        if (row < 0 || row >= keyRows) {
            throw new BackendException("attention: slot " + row + " does not lie within the " + keyRows + " rows of the keys");
        }
        long keyOffset = 4 * (row * context * keyHeads + head / (heads / keyHeads)) * headDim;
        long keyStep = 4L * keyHeads * headDim;
        long place = ((long) sequence * length + first) * heads + head;
        long queries = q + 4 * place * headDim;
        long out = result + 4 * place * headDim;
        long queryStep = 4L * heads * headDim;
        int seen = 0;
        for (int i = 0; i < count; i++) {
            seen = Math.max(seen, seen(sequence, first + i));
        }
        long scores = worker.scratch(4L * count * seen + 64);
        if (count < FEW) {
            few(worker, count, seen, queries, queryStep, k + keyOffset, keyStep, scores);
        } else {
            new Product(kernels.tiles(), count, seen, headDim).run(worker, queries, new Product.Left(Encoding.F32, queryStep / 4, 1),
                    (own, batch, firstRow, rows, firstColumn, columns, vectors, panel) -> kernels.tiles().pack(Encoding.F32, rows, columns,
                            vectors, k + keyOffset + 4L * firstRow + firstColumn * keyStep, 1, keyStep / 4, panel),
                    scores, 4L * seen, false);
        }
        for (int i = 0; i < count; i++) {
            softmax(scores + 4L * i * seen, seen(sequence, first + i), seen);
        }
        if (count < FEW) {
            mix(count, seen, scores, v + keyOffset, keyStep, out, queryStep);
        } else {
            new Product(kernels.tiles(), count, headDim, seen).run(worker, scores, new Product.Left(Encoding.F32, seen, 1),
                    (own, batch, firstRow, rows, firstColumn, columns, vectors, panel) -> kernels.tiles().pack(Encoding.F32, rows, columns,
                            vectors, v + keyOffset + 4L * firstColumn + firstRow * keyStep, keyStep / 4, 1, panel),
                    out, queryStep, false);
        }
    }

    /** How many keys a query sees. */
    private int seen(int sequence, int place) {
        if (!op.causal()) {
            return context;
        }
        int position = Memory.getInt(positions + 4L * (sequence * (long) length + place));
        if (position < 0 || position >= context) {
            throw new BackendException("attention: position " + position + " does not lie within the context of " + context);
        }
        return position + 1;
    }

    private void few(Worker worker, int count, int seen, long queries, long queryStep, long keys, long keyStep, long scores) {
        for (int query = 0; query < count; query += 4) {
            for (int key = 0; key < seen; key += 4) {
                kernels.rows().dots(Math.min(4, seen - key), keys + key * keyStep, keyStep, Math.min(4, count - query),
                        queries + query * queryStep, queryStep, headDim, scores + 4L * ((long) query * seen + key), 4L * seen,
                        worker.tile());
            }
        }
    }

    /** What stands behind {@code seen} gets no weight. */
    private void softmax(long row, int seen, int all) {
        RowKernels rows = kernels.rows();
        float scale = (float) op.scale();
        float max = scale >= 0 ? rows.max(row, seen) * scale : max(row, seen, scale);
        float sum = rows.expSum(row, scale, max, row, seen);
        rows.affine(row, 1 / sum, 0, row, seen);
        rows.fill(0, row + 4L * seen, all - seen);
    }

    private static float max(long row, int n, float scale) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, Memory.getFloat(row + 4L * i) * scale);
        }
        return max;
    }

    private void mix(int count, int seen, long weights, long values, long valueStep, long out, long outStep) {
        for (int query = 0; query < count; query++) {
            long to = out + query * outStep;
            kernels.rows().fill(0, to, headDim);
            for (int key = 0; key < seen; key++) {
                kernels.rows().addScaled(values + key * valueStep, Memory.getFloat(weights + 4L * ((long) query * seen + key)), to,
                        headDim);
            }
        }
    }
}
