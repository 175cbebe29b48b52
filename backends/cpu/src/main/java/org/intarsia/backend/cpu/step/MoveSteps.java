package org.intarsia.backend.cpu.step;

import java.util.List;
import java.util.Map;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.Bf16;
import org.intarsia.backend.cpu.kernel.ScalarPacking;
import org.intarsia.backend.cpu.kernel.TileKernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Move;
import org.intarsia.graph.op.Upsample;

/** Ops that move elements without changing them, and those that change no more than their encoding. */
public final class MoveSteps {
    private MoveSteps() {
    }

    /** Puts the steps of this family into a table, by the kind of op. */
    public static void register(Map<String, Step.Factory> table) {
        table.put("permute", MoveSteps::permute);
        table.put("broadcast", MoveSteps::broadcast);
        table.put("slice", MoveSteps::slice);
        table.put("pad", MoveSteps::pad);
        table.put("concat", MoveSteps::concat);
        table.put("assign", MoveSteps::assign);
        table.put("cast", MoveSteps::cast);
        table.put("upsample", MoveSteps::upsample);
    }

    private static long elementBytes(NodeBinding binding) {
        return binding.encoding(0).bytes(1);
    }

    private static Step copy(NodeBinding binding, Strides strides, long from, long to) {
        StridedCopy copy = new StridedCopy(binding.kernels(), strides, elementBytes(binding));
        return team -> copy.run(team, from, to);
    }

    private static Step permute(NodeBinding binding) {
        List<Integer> order = binding.op(Move.Permute.class).order();
        long[] own = binding.shape(0).strides();
        long[] source = new long[own.length];
        for (int axis = 0; axis < own.length; axis++) {
            int from = order.get(axis);
            source[axis] = own[from < 0 ? from + own.length : from];
        }
        return copy(binding, Strides.of(binding.shape().sizes(), source, binding.shape().strides()), binding.operand(0), binding.result());
    }

    private static Step broadcast(NodeBinding binding) {
        return copy(binding, Strides.broadcast(binding.shape(0), binding.shape()), binding.operand(0), binding.result());
    }

    private static Step slice(NodeBinding binding) {
        Move.Slice slice = binding.op(Move.Slice.class);
        long[] own = binding.shape(0).strides();
        long[] source = new long[own.length];
        long from = 0;
        for (int axis = 0; axis < own.length; axis++) {
            from += own[axis] * slice.start().get(axis);
            source[axis] = own[axis] * slice.stride().get(axis);
        }
        return copy(binding, Strides.of(binding.shape().sizes(), source, binding.shape().strides()),
                binding.operand(0) + from * elementBytes(binding), binding.result());
    }

    private static Step pad(NodeBinding binding) {
        Move.Pad pad = binding.op(Move.Pad.class);
        long[] whole = binding.shape().strides();
        long[] target = new long[whole.length];
        long to = 0;
        for (int axis = 0; axis < whole.length; axis++) {
            to += whole[axis] * pad.low().get(axis);
            target[axis] = whole[axis] * (pad.interior().get(axis) + 1);
        }
        Step copy = copy(binding, Strides.of(binding.shape(0).sizes(), binding.shape(0).strides(), target), binding.operand(0),
                binding.result() + to * elementBytes(binding));
        long result = binding.result();
        long bytes = elementBytes(binding) * binding.shape().elements();
        return team -> {
            Memory.clear(result, bytes);
            copy.run(team);
        };
    }

    private static Step concat(NodeBinding binding) {
        int axis = binding.op(Move.Concat.class).axis();
        int along = axis < 0 ? axis + binding.shape().rank() : axis;
        Step[] parts = new Step[binding.operands()];
        long start = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = copy(binding, Strides.of(binding.shape(i).sizes(), binding.shape(i).strides(), binding.shape().strides()),
                    binding.operand(i), binding.result() + start * binding.shape().strides()[along] * elementBytes(binding));
            start += binding.shape(i).size(along);
        }
        return team -> {
            for (Step part : parts) {
                part.run(team);
            }
        };
    }

    private static Step assign(NodeBinding binding) {
        long from = binding.operand(1);
        long to = binding.operand(0);
        long bytes = elementBytes(binding) * binding.shape().elements();
        return team -> {
            if (from != to) {
                Memory.copy(from, to, bytes);
            }
        };
    }

    private static Step cast(NodeBinding binding) {
        Encoding from = binding.encoding(0);
        Encoding to = binding.node().encoding();
        long source = binding.operand(0);
        long target = binding.result();
        TileKernels tiles = binding.kernels().tiles();
        if (to == Encoding.F32) {
            int block = from.blockElements();
            return team -> team.split(binding.shape().elements() / block, 8192 / block, (first, last, worker) ->
                    tiles.decode(from, source + first * from.blockBytes(), target + 4 * block * first, (int) (last - first) * block));
        }
        return team -> team.split(binding.shape().elements(), 8192, (first, last, worker) -> {
            for (long i = first; i < last; i++) {
                convert(from, source + from.bytes(i), to, target + to.bytes(i));
            }
        });
    }

    private static void convert(Encoding from, long source, Encoding to, long target) {
        if (from.isInteger() && to.isInteger()) {
            long value = from == Encoding.I64 ? Memory.getLong(source) : Memory.getInt(source);
            store(to, target, value);
            return;
        }
        float value = ScalarPacking.decode(from, source);
        switch (to) {
            case F32 -> Memory.putFloat(target, value);
            case F16 -> Memory.putShort(target, Float.floatToFloat16(value));
            case BF16 -> Memory.putShort(target, Bf16.encode(value));
            case I32 -> Memory.putInt(target, (int) value);
            case I64 -> Memory.putLong(target, (long) value);
            default -> throw new IllegalArgumentException("nothing is computed into " + to);
        }
    }

    private static void store(Encoding to, long target, long value) {
        if (to == Encoding.I64) {
            Memory.putLong(target, value);
        } else {
            Memory.putInt(target, (int) value);
        }
    }

    private static Step upsample(NodeBinding binding) {
        int factor = binding.op(Upsample.class).factor();
        int width = Math.toIntExact(binding.shape(0).size(3));
        long wide = 4L * width * factor;
        long lines = binding.shape(0).elements() / Math.max(1, width);
        long source = binding.operand(0);
        long target = binding.result();
        return team -> team.split(lines, Math.max(1, 4096 / Math.max(1, width)), (first, last, worker) -> {
            for (long line = first; line < last; line++) {
                long from = source + 4 * line * width;
                long to = target + line * factor * wide;
                for (int i = 0; i < width; i++) {
                    int value = Memory.getInt(from + 4L * i);
                    for (int j = 0; j < factor; j++) {
                        Memory.putInt(to + 4L * (i * factor + j), value);
                    }
                }
                for (int row = 1; row < factor; row++) {
                    Memory.copy(to, to + row * wide, wide);
                }
            }
        });
    }
}
