package org.intarsia.backend.cpu;

import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Rope;

/** Ops that know the places of a token stream: rotary embedding, attention, and the writing of its cache. */
final class SequenceSteps {
    private SequenceSteps() {
    }

    static void register(Map<String, Step.Factory> table) {
        table.put("rope", SequenceSteps::rope);
        table.put("attention", site -> new AttentionStep(site, site.op(Attention.class)));
        table.put("attentionGradient", AttentionGradientStep::new);
        table.put("boundedAttention", site -> new AttentionStep(site, site.op(Attention.class)));
        table.put("stateAppend", SequenceSteps::stateAppend);
    }

    private static Step rope(Site site) {
        Rope op = site.op(Rope.class);
        List<Double> frequencies = op.inverse() ? op.frequencies().stream().map(frequency -> -frequency).toList() : op.frequencies();
        Rotations.Table table = site.rotations().of(frequencies);
        RowKernels kernels = site.kernels().rows();
        int heads = Math.toIntExact(site.shape().size(2));
        int half = frequencies.size();
        long tokens = site.shape(1).elements();
        long x = site.operand(0);
        long positions = site.operand(1);
        long y = site.result();
        return team -> {
            int last = 0;
            for (long token = 0; token < tokens; token++) {
                int position = Memory.getInt(positions + 4 * token);
                if (position < 0) {
                    throw new BackendException("rope: positions count from 0, got " + position);
                }
                last = Math.max(last, position);
            }
            long rows = table.address(last);
            team.split(tokens, Math.max(1, 8192 / (2L * half * heads)), (first, end, worker) -> {
                for (long token = first; token < end; token++) {
                    long row = rows + Memory.getInt(positions + 4 * token) * table.rowBytes();
                    long at = 8 * token * heads * half;
                    for (int head = 0; head < heads; head++) {
                        kernels.rotate(x + at, row, row + 4L * half, y + at, half);
                        at += 8L * half;
                    }
                }
            });
        };
    }

    private static Step stateAppend(Site site) {
        Shape state = site.shape(0);
        long rows = state.size(0);
        long context = state.size(1);
        long bytes = 4 * state.drop(2).elements();
        long sequences = site.shape(1).size(0);
        long length = site.shape(1).size(1);
        long values = site.operand(1);
        long positions = site.operand(2);
        long slots = site.operand(3);
        long target = site.operand(0);
        return team -> {
            for (long sequence = 0; sequence < sequences; sequence++) {
                int slot = Memory.getInt(slots + 4 * sequence);
                for (long place = 0; place < length; place++) {
                    long number = sequence * length + place;
                    int position = Memory.getInt(positions + 4 * number);
                    if (slot < 0 || slot >= rows || position < 0 || position >= context) {
                        throw new BackendException("stateAppend: slot " + slot + " and position " + position
                                + " do not lie within the state's " + rows + " rows of " + context);
                    }
                    Memory.copy(values + number * bytes, target + (slot * context + position) * bytes, bytes);
                }
            }
        };
    }
}
