package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Exchanges rows and columns of squares of numbers of 32 bits, a vector wide. Needs vectors of 256 or 512 bits. */
public final class VectorTurning {
    /** Rows and columns of a square. */
    public static final int SIDE = VectorMath.F.length();

    private VectorTurning() {
    }

    /** Tells whether vectors are long enough. */
    public static boolean isPossible() {
        return SIDE == Eight.SIDE || SIDE == Sixteen.SIDE;
    }

    /**
     * Writes a square turned.
     *
     * @param sourceRow bytes from one row of the source to the next
     * @param targetRow the same of the target
     */
    public static void square(long source, long sourceRow, long target, long targetRow) {
        if (SIDE == Sixteen.SIDE) {
            Sixteen.square(source, sourceRow, target, targetRow);
        } else {
            Eight.square(source, sourceRow, target, targetRow);
        }
    }

    /** In registers: rows that are 4, then 2, then 1 apart exchange the lanes that the other one is to have. */
    private static final class Eight {
        private static final int SIDE = 8;
        private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
        private static final VectorMask<Float> UPPER_1 = VectorMask.fromLong(F, 0xAA);
        private static final VectorMask<Float> LOWER_1 = VectorMask.fromLong(F, 0x55);
        private static final VectorMask<Float> UPPER_2 = VectorMask.fromLong(F, 0xCC);
        private static final VectorMask<Float> LOWER_2 = VectorMask.fromLong(F, 0x33);
        private static final VectorMask<Float> UPPER_4 = VectorMask.fromLong(F, 0xF0);
        private static final VectorMask<Float> LOWER_4 = VectorMask.fromLong(F, 0x0F);
        private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(F, lane -> lane ^ 1);
        private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(F, lane -> lane ^ 2);
        private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(F, lane -> lane ^ 4);

        private static FloatVector load(long address) {
            return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
        }

    static void square(long source, long row, long target, long targetRow) {
            half(source, source + 4 * row, row, UPPER_4, target, targetRow);
            half(source + 4 * row, source, row, LOWER_4, target + 4 * targetRow, targetRow);
        }

        /** Writes four rows of the target: what the first or the last four columns of the source hold. */
        private static void half(long source, long other, long row, VectorMask<Float> exchanged, long target, long targetRow) {
            FloatVector a = load(source).blend(load(other).rearrange(SWAP_4), exchanged);
            FloatVector b = load(source + row).blend(load(other + row).rearrange(SWAP_4), exchanged);
            FloatVector c = load(source + 2 * row).blend(load(other + 2 * row).rearrange(SWAP_4), exchanged);
            FloatVector d = load(source + 3 * row).blend(load(other + 3 * row).rearrange(SWAP_4), exchanged);
            FloatVector ac = a.blend(c.rearrange(SWAP_2), UPPER_2);
            FloatVector bd = b.blend(d.rearrange(SWAP_2), UPPER_2);
            ac.blend(bd.rearrange(SWAP_1), UPPER_1).intoMemorySegment(ALL, target, ORDER);
            bd.blend(ac.rearrange(SWAP_1), LOWER_1).intoMemorySegment(ALL, target + targetRow, ORDER);
            ac = c.blend(a.rearrange(SWAP_2), LOWER_2);
            bd = d.blend(b.rearrange(SWAP_2), LOWER_2);
            ac.blend(bd.rearrange(SWAP_1), UPPER_1).intoMemorySegment(ALL, target + 2 * targetRow, ORDER);
            bd.blend(ac.rearrange(SWAP_1), LOWER_1).intoMemorySegment(ALL, target + 3 * targetRow, ORDER);
        }
    }

    /**
     * In two passes of four rows at a time: the first turns squares of 4 × 4 within registers, the second exchanges those squares.
     */
    private static final class Sixteen {
        private static final int SIDE = 16;
        private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;
        private static final FloatVector LOW_1 = interleaved(1, 0);
        private static final FloatVector HIGH_1 = interleaved(1, 1);
        private static final FloatVector LOW_2 = interleaved(2, 0);
        private static final FloatVector HIGH_2 = interleaved(2, 1);
        private static final FloatVector LOW_4 = interleaved(4, 0);
        private static final FloatVector HIGH_4 = interleaved(4, 1);
        private static final FloatVector LOW_8 = interleaved(8, 0);
        private static final FloatVector HIGH_8 = interleaved(8, 1);

        /** Indices that take, of two vectors in turn, every second piece of some lanes, beginning with the first or the second. */
        private static FloatVector interleaved(int piece, int begin) {
            float[] lanes = new float[SIDE];
            for (int lane = 0; lane < SIDE; lane++) {
                boolean fromSecond = (lane & piece) != 0;
                int in = (lane & ~piece) + begin * piece;
                lanes[lane] = fromSecond ? SIDE + in : in;
            }
            return FloatVector.fromArray(F, lanes, 0);
        }

    static void square(long source, long sourceRow, long target, long targetRow) {
            // Rows that are 4 and 8 apart come from different quarters; after this, each quarter of the target's rows is whole.
            quarter(source, sourceRow, target, targetRow, LOW_4, LOW_8, 0);
            quarter(source, sourceRow, target, targetRow, HIGH_4, LOW_8, 4);
            quarter(source, sourceRow, target, targetRow, LOW_4, HIGH_8, 8);
            quarter(source, sourceRow, target, targetRow, HIGH_4, HIGH_8, 12);
        }

        /** Writes four rows of the target: what four columns of the source hold. */
        private static void quarter(long source, long row, long target, long targetRow, FloatVector four, FloatVector eight, int first) {
            FloatVector a = columns(source, row, four, eight);
            FloatVector b = columns(source + row, row, four, eight);
            FloatVector c = columns(source + 2 * row, row, four, eight);
            FloatVector d = columns(source + 3 * row, row, four, eight);
            FloatVector lowAb = LOW_1.selectFrom(a, b);
            FloatVector highAb = HIGH_1.selectFrom(a, b);
            FloatVector lowCd = LOW_1.selectFrom(c, d);
            FloatVector highCd = HIGH_1.selectFrom(c, d);
            long to = target + first * targetRow;
            LOW_2.selectFrom(lowAb, lowCd).intoMemorySegment(ALL, to, ORDER);
            LOW_2.selectFrom(highAb, highCd).intoMemorySegment(ALL, to + targetRow, ORDER);
            HIGH_2.selectFrom(lowAb, lowCd).intoMemorySegment(ALL, to + 2 * targetRow, ORDER);
            HIGH_2.selectFrom(highAb, highCd).intoMemorySegment(ALL, to + 3 * targetRow, ORDER);
        }

        /** The same four columns of this row and of those 4, 8 and 12 below. */
        private static FloatVector columns(long source, long row, FloatVector four, FloatVector eight) {
            FloatVector upper = four.selectFrom(load(source), load(source + 4 * row));
            FloatVector lower = four.selectFrom(load(source + 8 * row), load(source + 12 * row));
            return eight.selectFrom(upper, lower);
        }

        private static FloatVector load(long address) {
            return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
        }
    }
}
