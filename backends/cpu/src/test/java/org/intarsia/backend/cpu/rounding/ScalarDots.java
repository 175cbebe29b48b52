package org.intarsia.backend.cpu.rounding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.graph.Encoding;

/** The definition of a product with rounded rows, in plain Java and from the weights as they are stored. */
final class ScalarDots {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    /**
     * Columns of one row of weights that share a scale: a weight is {@code scale · value + minimum}.
     *
     * @param hasMinimum whether there is a minimum, which may be 0
     */
    record Group(int first, float scale, boolean hasMinimum, float minimum, int[] values) {
    }

    private ScalarDots() {
    }

    /** Rounds columns to integers from −127 to 127, in multiples of {@link #scale}. */
    static int[] rounded(float[] x, int first, int count) {
        int[] rounded = new int[count];
        for (int i = 0; i < count; i++) {
            float most = most(x, first + i);
            rounded[i] = (int) Math.rint(x[first + i] * (most == 0 ? 0 : 127 / most));
        }
        return rounded;
    }

    /** The scale that 32 columns of x share. */
    static float scale(float[] x, int column) {
        return most(x, column) / 127;
    }

    private static float most(float[] x, int column) {
        float most = 0;
        for (int i = column / 32 * 32; i < column / 32 * 32 + 32; i++) {
            most = Math.max(most, Math.abs(x[i]));
        }
        return most;
    }

    /** Multiplies one row of weights with one row of x. */
    static float product(List<Group> weights, float[] x) {
        float sum = 0;
        for (Group group : weights) {
            int[] rounded = rounded(x, group.first(), group.values().length);
            int integers = 0;
            int all = 0;
            for (int i = 0; i < rounded.length; i++) {
                integers += rounded[i] * group.values()[i];
                all += rounded[i];
            }
            float scale = scale(x, group.first());
            sum = Math.fma((float) integers, group.scale() * scale, sum);
            if (group.hasMinimum()) {
                sum = Math.fma(group.minimum(), scale * all, sum);
            }
        }
        return sum;
    }

    /** Reads a row of weights. */
    static List<Group> groups(Encoding encoding, MemorySegment stored, long offset, int inner) {
        List<Group> groups = new ArrayList<>();
        for (int first = 0; first < inner; first += encoding.blockElements()) {
            MemorySegment block = stored.asSlice(offset + encoding.bytes(first));
            switch (encoding) {
                case Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 -> groups.add(ofBlock(encoding, block, first));
                case Q4_K, Q5_K -> withMinima(encoding, block, first, groups);
                default -> sixBits(block, first, groups);
            }
        }
        return groups;
    }

    private static Group ofBlock(Encoding encoding, MemorySegment block, int first) {
        boolean hasMinimum = encoding == Encoding.Q4_1 || encoding == Encoding.Q5_1;
        boolean five = encoding == Encoding.Q5_0 || encoding == Encoding.Q5_1;
        int fifths = hasMinimum ? 4 : 2;
        int fours = fifths + (five ? 4 : 0);
        int[] values = new int[32];
        for (int i = 0; i < 32; i++) {
            values[i] = switch (encoding) {
                case Q8_0 -> block.get(ValueLayout.JAVA_BYTE, 2 + i);
                case Q4_0 -> four(block, fours + i % 16, i / 16) - 8;
                case Q5_0 -> four(block, fours + i % 16, i / 16) + 16 * bit(block, fifths + i / 8, i % 8) - 16;
                case Q5_1 -> four(block, fours + i % 16, i / 16) + 16 * bit(block, fifths + i / 8, i % 8);
                default -> four(block, fours + i % 16, i / 16);
            };
        }
        return new Group(first, half(block, 0), hasMinimum, hasMinimum ? half(block, 2) : 0, values);
    }

    private static void withMinima(Encoding encoding, MemorySegment block, int first, List<Group> groups) {
        boolean five = encoding == Encoding.Q5_K;
        for (int group = 0; group < 8; group++) {
            int low = unsigned(block, 4 + group % 4);
            int middle = unsigned(block, 8 + group % 4);
            int upper = unsigned(block, 12 + group % 4);
            int factor = group < 4 ? low & 63 : upper & 15 | low >> 6 << 4;
            int minimum = group < 4 ? middle & 63 : upper >> 4 | middle >> 6 << 4;
            int[] values = new int[32];
            for (int i = 0; i < 32; i++) {
                values[i] = four(block, (five ? 48 : 16) + group / 2 * 32 + i, group % 2) + (five ? 16 * bit(block, 16 + i, group) : 0);
            }
            groups.add(new Group(first + 32 * group, half(block, 0) * factor, true, -(half(block, 2) * minimum), values));
        }
    }

    private static void sixBits(MemorySegment block, int first, List<Group> groups) {
        for (int group = 0; group < 16; group++) {
            int[] values = new int[16];
            for (int i = 0; i < 16; i++) {
                int column = 16 * group + i;
                int twos = unsigned(block, 128 + column / 128 * 32 + column % 32) >> column % 128 / 32 * 2 & 3;
                values[i] = (four(block, column / 128 * 64 + column % 64, column % 128 / 64) | twos << 4) - 32;
            }
            groups.add(new Group(first + 16 * group, half(block, 208) * block.get(ValueLayout.JAVA_BYTE, 192 + group), false, 0, values));
        }
    }

    private static float half(MemorySegment block, int at) {
        return Float.float16ToFloat(block.get(SHORT, at));
    }

    private static int unsigned(MemorySegment block, int at) {
        return Byte.toUnsignedInt(block.get(ValueLayout.JAVA_BYTE, at));
    }

    private static int four(MemorySegment block, int at, int half) {
        return unsigned(block, at) >> 4 * half & 15;
    }

    private static int bit(MemorySegment block, int at, int bit) {
        return unsigned(block, at) >> bit & 1;
    }
}
