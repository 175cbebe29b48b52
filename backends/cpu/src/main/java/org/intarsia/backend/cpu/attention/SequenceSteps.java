package org.intarsia.backend.cpu.attention;

import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.Bf16;
import org.intarsia.backend.cpu.kernel.RowKernels;
import org.intarsia.backend.cpu.step.NodeBinding;
import org.intarsia.backend.cpu.step.Rotations;
import org.intarsia.backend.cpu.step.Step;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Rope;

/** Ops that know the places of a token stream: rotary embedding, attention, and the writing of its cache. */
public final class SequenceSteps {
    /** Elements that are worth a task of their own. */
    private static final int GRAIN_ELEMENTS = 8192;

    private SequenceSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("rope", SequenceSteps::rope);
        table.put("attention", site -> new AttentionStep(site, site.op(Attention.class)));
        table.put("attentionGradient", AttentionGradientStep::new);
        table.put("boundedAttention", site -> new AttentionStep(site, site.op(Attention.class)));
        table.put("pagedAttention", PagedAttentionStep::new);
        table.put("stateAppend", SequenceSteps::stateAppend);
    }

    private static Step rope(NodeBinding binding) {
        Rope op = binding.op(Rope.class);
        List<Double> frequencies = op.inverse() ? op.frequencies().stream().map(frequency -> -frequency).toList() : op.frequencies();
        Rotations.Table table = binding.rotations().of(frequencies);
        RowKernels kernels = binding.kernels().rows();
        int heads = Math.toIntExact(binding.shape().size(2));
        int half = frequencies.size();
        long tokens = binding.shape(1).elements();
        long x = binding.operand(0);
        long positions = binding.operand(1);
        long y = binding.result();
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
            team.split(tokens, Math.max(1, GRAIN_ELEMENTS / (2L * half * heads)), (first, end, worker) -> {
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

    private static Step stateAppend(NodeBinding binding) {
        Shape state = binding.shape(0);
        long rows = state.size(0);
        long context = state.size(1);
        int tail = Math.toIntExact(state.drop(2).elements());
        Encoding stored = binding.encoding(0);
        long sequences = binding.shape(1).size(0);
        long length = binding.shape(1).size(1);
        long values = binding.operand(1);
        long positions = binding.operand(2);
        long slots = binding.operand(3);
        long target = binding.operand(0);
        return team -> {
            long[] places = new long[Math.toIntExact(sequences * length)];
            for (int number = 0; number < places.length; number++) {
                int slot = Memory.getInt(slots + 4 * (number / length));
                int position = Memory.getInt(positions + 4L * number);
                if (slot < 0 || slot >= rows || position < 0 || position >= context) {
                    throw new BackendException("stateAppend: slot " + slot + " and position " + position
                            + " do not lie within the state's " + rows + " rows of " + context);
                }
                places[number] = slot * context + position;
            }
            team.split(places.length, Math.max(1, GRAIN_ELEMENTS / Math.max(1, tail)), (first, last, worker) -> {
                for (long number = first; number < last; number++) {
                    write(stored, values + 4 * number * tail, target + stored.bytes(places[(int) number] * tail), tail);
                }
            });
        };
    }

    private static void write(Encoding stored, long from, long to, int count) {
        if (stored == Encoding.F32) {
            Memory.copy(from, to, 4L * count);
        } else {
            for (int i = 0; i < count; i++) {
                float value = Memory.getFloat(from + 4L * i);
                Memory.putShort(to + 2L * i, stored == Encoding.F16 ? Float.floatToFloat16(value) : Bf16.encode(value));
            }
        }
    }
}
