package org.intarsia.backend.cpu.vector;

import static org.intarsia.backend.cpu.host.Memory.ADDRESS;
import static org.intarsia.backend.cpu.host.Memory.ALL;
import static org.intarsia.backend.cpu.host.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.kernel.Bf16;
import org.intarsia.backend.cpu.kernel.ScalarPacking;
import org.intarsia.graph.Encoding;

/** Decodes and packs matrices for the tiles; see {@link org.intarsia.backend.cpu.kernel.TileKernels#pack}. */
public final class VectorPacking {
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final VectorSpecies<Integer> I = VectorMath.I;
    /** As many shorts as there are floats in a vector. */
    private static final VectorSpecies<Short> S =
            VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));
    private static final int LANES = F.length();
    private static final long BYTES = F.vectorByteSize();

    private VectorPacking() {
    }

    static void decode(Encoding encoding, long source, long target, int count) {
        if (VectorBlocks.reads(encoding)) {
            VectorBlocks.decode(encoding, source, target, count);
            return;
        }
        int whole = count - count % LANES;
        switch (encoding) {
            case BF16 -> decodeBf16(source, target, whole);
            case F16 -> decodeF16(source, target, whole);
            case F32 -> Memory.copy(source, target, 4L * whole);
            default -> whole = 0;
        }
        ScalarPacking.decode(encoding, source + encoding.bytes(whole), target + 4L * whole, count - whole);
    }

    static FloatVector bf16(long address) {
        return ((IntVector) ShortVector.fromMemorySegment(S, ALL, address, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0))
                .lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    static FloatVector f16(long address) {
        IntVector half = (IntVector) ShortVector.fromMemorySegment(S, ALL, address, ORDER)
                .convertShape(VectorOperators.S2I, I, 0);
        IntVector sign = half.and(0x80000000);
        // Shifting moves exponent and fraction into place but for the exponent's bias, which a product mends; that
        // also makes subnormal numbers normal. Infinities and NaNs get the largest exponent.
        IntVector magnitude = half.lanewise(VectorOperators.LSHL, 13).and(0x0FFFE000);
        VectorMask<Integer> special = magnitude.compare(VectorOperators.GE, 0x0F800000);
        return magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts()
                .lanewise(VectorOperators.OR, 0x7F800000, special).or(sign).reinterpretAsFloats();
    }

    /**
     * Rounds rows of numbers to BF16, and joins neighbouring rows: behind each number of the first stands that of the second.
     *
     * @param sourceRow bytes from one row to the next
     * @param rows      behind an odd number of them comes one of zeros
     * @param columns   a multiple of a vector's
     */
    public static void toBf16Pairs(long source, long sourceRow, int rows, int columns, long target) {
        for (int row = 0; row < rows; row += 2) {
            long from = source + row * sourceRow;
            long to = target + 2L * row * columns;
            for (int column = 0; column < columns; column += LANES) {
                IntVector first = roundedBits(from + 4L * column).lanewise(VectorOperators.LSHR, 16);
                IntVector second = row + 1 < rows ? roundedBits(from + sourceRow + 4L * column).and(0xFFFF0000) : IntVector.zero(I);
                first.or(second).intoMemorySegment(ALL, to + 4L * column, ORDER);
            }
        }
    }

    /** Numbers rounded to BF16, in the upper halves of the lanes; the lower ones hold what is left over. */
    private static IntVector roundedBits(long source) {
        FloatVector value = FloatVector.fromMemorySegment(F, ALL, source, ORDER);
        IntVector bits = value.reinterpretAsInts();
        return bits.add(bits.lanewise(VectorOperators.LSHR, 16).and(1)).add(0x7FFF)
                .blend(bits.or(0x400000), value.test(VectorOperators.IS_NAN).cast(I));
    }

    /** Rounds floats to BF16, as {@link Bf16#encode} does. */
    public static void toBf16(long source, long target, long count) {
        long whole = count - count % LANES;
        for (long i = 0; i < whole; i += LANES) {
            IntVector rounded = roundedBits(source + 4 * i).lanewise(VectorOperators.LSHR, 16);
            ((ShortVector) rounded.convertShape(VectorOperators.I2S, S, 0)).intoMemorySegment(ALL, target + 2 * i, ORDER);
        }
        for (long i = whole; i < count; i++) {
            Memory.putShort(target + 2 * i, Bf16.encode(Memory.getFloat(source + 4 * i)));
        }
    }

    private static void decodeBf16(long source, long target, int count) {
        for (int i = 0; i < count; i += LANES) {
            bf16(source + 2L * i).intoMemorySegment(ALL, target + 4L * i, ORDER);
        }
    }

    private static void decodeF16(long source, long target, int count) {
        for (int i = 0; i < count; i += LANES) {
            f16(source + 2L * i).intoMemorySegment(ALL, target + 4L * i, ORDER);
        }
    }

    static void pack(Encoding encoding, int k, int columns, int width, long source, long step, long columnStep, long panel) {
        long element = encoding.bytes(1);
        long row = width * BYTES;
        if (encoding == Encoding.F32 && columnStep == 1) {
            copy(k, columns, source, step * 4, panel, row);
        } else if (columnStep == 1) {
            for (int i = 0; i < k; i++) {
                decode(encoding, source + i * step * element, panel + i * row, columns);
            }
        } else if (encoding == Encoding.F32 && step == 1 && VectorTurning.isPossible()) {
            turn(k, columns, width, source, columnStep, panel);
        } else {
            ScalarPacking.pack(encoding, LANES, k, columns, width, source, step, columnStep, panel);
        }
    }

    /** Packs columns that lie along memory: whole squares in registers, the rest element by element. */
    private static void turn(int k, int columns, int width, long source, long columnStep, long panel) {
        long row = width * BYTES;
        int wholeColumns = columns - columns % LANES;
        int whole = k - k % LANES;
        for (int column = 0; column < wholeColumns; column += LANES) {
            for (int i = 0; i < whole; i += LANES) {
                VectorTurning.square(source + 4 * (column * columnStep + i), 4 * columnStep, panel + i * row + 4L * column, row);
            }
        }
        ScalarPacking.pack(Encoding.F32, LANES, k - whole, wholeColumns, width, source + 4L * whole, 1, columnStep, panel + whole * row);
        ScalarPacking.pack(Encoding.F32, LANES, k, columns - wholeColumns, width, source + 4 * wholeColumns * columnStep, 1, columnStep,
                panel + 4L * wholeColumns);
    }

    /** Copies rows of columns that are neighbours, and zeros behind them up to a whole vector. */
    private static void copy(int k, int columns, long from, long fromStep, long to, long toStep) {
        long whole = 4L * (columns - columns % LANES);
        for (int i = 0; i < k; i++) {
            for (long at = 0; at < whole; at += BYTES) {
                FloatVector.fromMemorySegment(F, ALL, from + at, ORDER).intoMemorySegment(ALL, to + at, ORDER);
            }
            from += fromStep;
            to += toStep;
        }
        if (columns % LANES > 0) {
            VectorMask<Float> mask = F.indexInRange(0, columns % LANES);
            from += whole - k * fromStep;
            to += whole - k * toStep;
            for (int i = 0; i < k; i++) {
                FloatVector.fromMemorySegment(F, ALL, from, ORDER, mask).intoMemorySegment(ALL, to, ORDER);
                from += fromStep;
                to += toStep;
            }
        }
    }

    /** Channel by channel: planes often lie a power of two apart, where going along the channels would miss the cache. */
    static void packPatch(int firstRow, int rows, int stride, int length, long[] offsets, int[] low, int[] high, long source,
            long sourceChannel, long target, long targetRow) {
        if (stride != 1) {
            ScalarPacking.packPatch(firstRow, rows, stride, length, offsets, low, high, source, sourceChannel, target, targetRow);
            return;
        }
        int taps = offsets.length;
        int tap = firstRow % taps;
        long from = source + firstRow / taps * sourceChannel;
        if (isWhole(low, high)) {
            packWhole(rows, tap, offsets, from, sourceChannel, target, targetRow);
            return;
        }
        for (int row = 0; row < rows; row++) {
            VectorMask<Float> seen = F.indexInRange(0, high[tap]).andNot(F.indexInRange(0, low[tap]));
            FloatVector.fromMemorySegment(F, ALL, from + offsets[tap], ORDER, seen)
                    .intoMemorySegment(ALL, target, ORDER, F.indexInRange(0, length));
            target += targetRow;
            if (++tap == taps) {
                tap = 0;
                from += sourceChannel;
            }
        }
    }

    /** Tells whether all taps see whole vectors. */
    private static boolean isWhole(int[] low, int[] high) {
        for (int tap = 0; tap < low.length; tap++) {
            if (low[tap] != 0 || high[tap] != LANES) {
                return false;
            }
        }
        return true;
    }

    private static void packWhole(int rows, int firstTap, long[] offsets, long source, long sourceChannel, long target, long targetRow) {
        int tap = firstTap;
        for (int row = 0; row < rows; row++) {
            FloatVector.fromMemorySegment(F, ALL, source + offsets[tap] & ADDRESS, ORDER).intoMemorySegment(ALL, target & ADDRESS, ORDER);
            target += targetRow;
            if (++tap == offsets.length) {
                tap = 0;
                source += sourceChannel;
            }
        }
    }
}
