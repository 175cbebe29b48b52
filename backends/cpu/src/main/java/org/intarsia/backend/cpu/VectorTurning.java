package org.intarsia.backend.cpu;

import static org.intarsia.backend.cpu.Memory.ALL;
import static org.intarsia.backend.cpu.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exchanges rows and columns of squares of 16 × 16 numbers of 32 bits in two passes of four rows at a time: the first turns squares of
 * 4 × 4 within registers, the second exchanges those squares. Needs vectors of 512 bits.
 */
final class VectorTurning {
    /** Rows and columns of a square. */
    static final int SIDE = 16;
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;
    private static final FloatVector LOW_1 = interleaved(1, 0);
    private static final FloatVector HIGH_1 = interleaved(1, 1);
    private static final FloatVector LOW_2 = interleaved(2, 0);
    private static final FloatVector HIGH_2 = interleaved(2, 1);
    private static final FloatVector LOW_4 = interleaved(4, 0);
    private static final FloatVector HIGH_4 = interleaved(4, 1);
    private static final FloatVector LOW_8 = interleaved(8, 0);
    private static final FloatVector HIGH_8 = interleaved(8, 1);

    private VectorTurning() {
    }

    static boolean isPossible() {
        return VectorMath.F.length() == SIDE;
    }

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

    /**
     * Writes a square turned.
     *
     * @param sourceRow bytes from one row of the source to the next
     * @param targetRow the same of the target
     */
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
