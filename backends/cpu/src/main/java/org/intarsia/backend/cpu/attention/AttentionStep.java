package org.intarsia.backend.cpu.attention;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.Memory;
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
 * Attention. A few queries read keys and values in place, several neighbouring heads at a time, so that memory is read in
 * long pieces and once for all heads that share keys; many are, head by head, two matrix products over a block of scores.
 * Keys behind the last position of a block are not looked at, nor those in front of its first window.
 */
final class AttentionStep implements Step {
    /** Fewer queries than this do without packing. */
    private static final int FEW = 8;
    /** Keys, and heads, that one pass works on; see {@link RowKernels#dots}. */
    private static final int TILE = 4;
    /** Floats of a block of scores. */
    private static final int SCORES = 1 << 16;
    /** Fewer queries of a long context than this are not worth packing its keys. */
    private static final int LEAST_QUERIES = 128;
    /** Bytes of neighbouring heads of one key: a page. */
    private static final int PIECE_BYTES = 4096;

    private final Kernels kernels;
    private final TileCode code;
    private final Attention op;
    private final ScoreSoftmax softmax;
    private final long q;
    private final long k;
    private final long v;
    private final long result;
    private final AttentionPlaces places;
    private final long slots;
    private final int length;
    private final int heads;
    private final int headDim;
    private final int keyHeads;
    /** Heads that have a key in common. */
    private final int shared;

    AttentionStep(NodeBinding binding, Attention op) {
        this.kernels = binding.kernels();
        this.code = binding.packed().tiles();
        this.op = op;
        this.softmax = new ScoreSoftmax(kernels.rows(), op.scale(), op.softCap());
        this.q = binding.operand(0);
        this.k = binding.operand(1);
        this.v = binding.operand(2);
        this.result = binding.result();
        int plain = op.causal() ? 4 : 3;
        this.places = AttentionPlaces.of(binding.shape(0), binding.shape(1), op.causal() ? binding.operand(3) : 0);
        this.slots = binding.operands() > plain ? binding.operand(plain) : 0;
        this.length = places.length();
        this.heads = places.heads();
        this.headDim = places.headDim();
        this.keyHeads = places.keyHeads();
        this.shared = places.shared();
    }

    @Override
    public void run(ThreadTeam team) {
        if (length < FEW) {
            int share = Math.ceilDiv(places.sequences() * keyHeads, team.size());
            int group = Math.clamp(Math.min(PIECE_BYTES / (4 * headDim), share), 1, keyHeads);
            int groups = Math.ceilDiv(keyHeads, group);
            team.run(places.sequences() * groups, (task, worker) -> {
                int first = task % groups * group;
                few(worker, task / groups, first, Math.min(group, keyHeads - first));
            });
            return;
        }
        int block = Math.min(Math.max(SCORES / places.context(), LEAST_QUERIES), length);
        int blocks = Math.ceilDiv(length, block);
        team.run(places.sequences() * heads * blocks, (task, worker) -> {
            int head = task % heads;
            int sequence = task / heads / blocks;
            int first = task / heads % blocks * block;
            many(worker, sequence, head, first, Math.min(block, length - first));
        });
    }

    private void many(Worker worker, int sequence, int head, int first, int count) {
        long place = places.query(sequence, first, head);
        int begin = begin(sequence, first, count);
        int seen = places.seen(sequence, first, count) - begin;
        long keys = keyOffset(sequence, head / shared) + 4L * begin * places.keyStep();
        long scores = worker.scratch(4L * count * seen + 64);
        new Gemm(kernels.tiles(), code, count, seen, headDim, 1).run(worker, q + place,
                new Gemm.Left(Encoding.F32, places.queryStep(), 1),
                Gemm.strided(kernels.tiles(), Encoding.F32, 1, places.keyStep(), k + keys), scores, 4L * seen, false);
        for (int i = 0; i < count; i++) {
            softmax(scores + 4L * i * seen, begin(sequence, first + i) - begin, places.seen(sequence, first + i) - begin, seen);
        }
        new Gemm(kernels.tiles(), code, count, headDim, seen, 1).run(worker, scores, new Gemm.Left(Encoding.F32, seen, 1),
                Gemm.strided(kernels.tiles(), Encoding.F32, places.keyStep(), 1, v + keys), result + place,
                4L * places.queryStep(), false);
    }

    /** All queries of a sequence, with {@code count} heads of its keys. */
    private void few(Worker worker, int sequence, int firstKeyHead, int count) {
        int begin = begin(sequence, 0, length);
        int seen = places.seen(sequence, 0, length) - begin;
        long keyOffset = keyOffset(sequence, firstKeyHead) + 4L * begin * keyHeads * headDim;
        // A row of scores for each query and head: query by query, and within that head by head.
        long scores = worker.scratch(4L * length * count * shared * seen + 64);
        score(sequence, firstKeyHead, count, seen, k + keyOffset, scores, worker.tile());
        for (int query = 0; query < length; query++) {
            for (int head = 0; head < count * shared; head++) {
                softmax(scores + row(query, head, count, seen), begin(sequence, query) - begin, places.seen(sequence, query) - begin, seen);
            }
        }
        mix(sequence, firstKeyHead, count, seen, v + keyOffset, scores);
    }

    private void score(int sequence, int firstKeyHead, int count, int seen, long keys, long scores, float[] tile) {
        long keyStep = 4L * keyHeads * headDim;
        for (int key = 0; key < seen; key += TILE) {
            for (int head = 0; head < count; head++) {
                for (int query = 0; query < length; query++) {
                    for (int part = 0; part < shared; part += TILE) {
                        kernels.rows().dots(Math.min(TILE, seen - key), keys + key * keyStep + 4L * head * headDim, keyStep,
                                Math.min(TILE, shared - part), q + places.query(sequence, query, (firstKeyHead + head) * shared + part),
                                4L * headDim, headDim, scores + row(query, head * shared + part, count, seen) + 4L * key, 4L * seen,
                                tile);
                    }
                }
            }
        }
    }

    private void mix(int sequence, int firstKeyHead, int count, int seen, long values, long scores) {
        long valueStep = 4L * keyHeads * headDim;
        for (int query = 0; query < length; query++) {
            long to = result + places.query(sequence, query, firstKeyHead * shared);
            kernels.rows().fill(0, to, count * shared * headDim);
            for (int key = 0; key < seen; key += TILE) {
                for (int head = 0; head < count * shared; head++) {
                    kernels.rows().addScaled(Math.min(TILE, seen - key), values + key * valueStep + 4L * (head / shared) * headDim,
                            valueStep, scores + row(query, head, count, seen) + 4L * key, to + 4L * head * headDim, headDim);
                }
            }
        }
    }

    /** Bytes to the scores of a query and a head among those that are worked on. */
    private long row(int query, int head, int count, int seen) {
        return 4L * ((long) query * count * shared + head) * seen;
    }

    /** Bytes to the first key of a sequence, and to its value. */
    private long keyOffset(int sequence, int keyHead) {
        long row = slots == 0 ? sequence : Memory.getInt(slots + 4L * sequence);
        if (row < 0 || row >= places.keyRows()) {
            throw new BackendException("attention: slot " + row + " does not lie within the " + places.keyRows() + " rows of the keys");
        }
        return places.key(row, keyHead);
    }

    private int begin(int sequence, int first, int count) {
        int begin = Integer.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            begin = Math.min(begin, begin(sequence, first + i));
        }
        return begin;
    }

    /** The first key that a query sees. */
    private int begin(int sequence, int place) {
        return op.window() == 0 ? 0 : Math.max(0, places.seen(sequence, place) - op.window());
    }

    /** What stands in front of {@code begin} and behind {@code seen} gets no weight. */
    private void softmax(long row, int begin, int seen, int all) {
        RowKernels rows = kernels.rows();
        softmax.apply(row + 4L * begin, seen - begin);
        rows.fill(0, row, begin);
        rows.fill(0, row + 4L * seen, all - seen);
    }
}
