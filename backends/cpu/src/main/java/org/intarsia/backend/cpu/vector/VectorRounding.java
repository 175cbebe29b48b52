package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.code.IntegerDots;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.graph.Encoding;

/** Rounds rows of x to 8 bits, in the order in which {@link IntegerDots} reads them. Needs vectors of 256 bits or more. */
public final class VectorRounding {
    private static final int COLUMNS = 32;
    private static final float MOST = 127;
    /** Added to a float of at most 22 bits, it leaves the nearest integer in the lowest bits. */
    private static final float ROUND = 0x1.8p23f;
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final VectorSpecies<Integer> I = VectorMath.I;
    private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));
    private static final int LANES = F.length();

    private VectorRounding() {
    }

    /**
     * Rounds rows, each 32 columns to integers from −127 to 127 times a scale.
     *
     * @param encoding of the weights, which says what offsets are
     * @param x        rows that lie one behind the other
     * @param rows     at most {@link IntegerDots#MOST}
     * @param inner    columns, a multiple of 32
     */
    public static void round(Encoding encoding, long x, int rows, int inner, long to) {
        for (int row = 0; row < rows; row++) {
            row(encoding, x + 4L * row * inner, rows, row, inner, to);
        }
    }

    private static void row(Encoding encoding, long x, int rows, int row, int inner, long to) {
        for (int block = 0; block < inner / COLUMNS; block++) {
            long from = x + 4L * COLUMNS * block;
            long at = to + (long) rows * IntegerDots.BLOCK_X * block;
            float most = most(from);
            float scale = most / MOST;
            FloatVector inverse = FloatVector.broadcast(F, most == 0 ? 0 : MOST / most);
            int first = columns(from, inverse, at + COLUMNS * row);
            int second = columns(from + 2 * COLUMNS, inverse, at + COLUMNS * row + COLUMNS / 2);
            long scales = at + rows * COLUMNS + 4 * row;
            Memory.putFloat(scales, scale);
            switch (encoding) {
                case Q8_0 -> Memory.putInt(scales + 4 * rows, -128 * (first + second));
                case Q4_0 -> Memory.putInt(scales + 4 * rows, -8 * (first + second));
                case Q5_0 -> Memory.putInt(scales + 4 * rows, -16 * (first + second));
                case Q4_1, Q5_1, Q4_K, Q5_K -> Memory.putFloat(scales + 4 * rows, scale * (first + second));
                case Q6_K -> {
                    Memory.putInt(scales + 4 * rows, -32 * first);
                    Memory.putInt(scales + 8 * rows, -32 * second);
                }
                default -> throw new IllegalArgumentException(encoding + " has no code");
            }
        }
    }

    private static float most(long x) {
        FloatVector most = FloatVector.zero(F);
        for (int i = 0; i < COLUMNS; i += LANES) {
            most = most.max(FloatVector.fromMemorySegment(F, ALL, x + 4L * i, ORDER).abs());
        }
        return most.reduceLanes(VectorOperators.MAX);
    }

    /** Rounds 16 columns, and returns their sum. */
    private static int columns(long x, FloatVector inverse, long to) {
        IntVector sum = IntVector.zero(I);
        for (int i = 0; i < COLUMNS / 2; i += LANES) {
            IntVector rounded = FloatVector.fromMemorySegment(F, ALL, x + 4L * i, ORDER).mul(inverse).add(ROUND).reinterpretAsInts()
                    .sub(ROUND_BITS);
            sum = sum.add(rounded);
            ((ByteVector) rounded.convertShape(VectorOperators.I2B, B, 0)).intoMemorySegment(ALL, to + i, ORDER);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
