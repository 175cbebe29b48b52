package org.intarsia.backend.cpu;

import static org.intarsia.backend.cpu.Memory.ALL;
import static org.intarsia.backend.cpu.Memory.ORDER;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.intarsia.graph.Encoding;

/**
 * Products of rows of x, rounded to 8 bits, with {@link ShortPackedWeights}: in 16-bit lanes while no sum can leave them, which is
 * eight products of 15 · 127 or of 32 · 127, then in 32 bits, and block by block in F32.
 *
 * <p>One row reads the weights packed. For several, so many blocks at a time are unpacked into the first-level cache, and each
 * row reads them there. Sums of integers are exact, so a row has the same bits either way. The methods are small, since C2
 * keeps vectors in registers only where it inlines all that a method calls.
 *
 * <p>A row of x is rounded by {@link #round} into columns, 16 bits each, a scale for each 32 columns in F32, and their sum in
 * F32.
 */
final class VectorPackedDots {
    /** Columns that share a scale. */
    static final int ROUNDED = 32;
    /** Blocks of 32 columns that are unpacked at a time: 9 KiB with vectors of 512 bits. */
    static final int CHUNK = 8;
    /** Weights of Q4_0 are this far from 0. */
    private static final float ZERO = -8;
    private static final VectorSpecies<Float> F = VectorMath.F;
    private static final VectorSpecies<Integer> I = VectorMath.I;
    private static final VectorSpecies<Short> S = F.withLanes(short.class);
    /** Half vectors, and none shorter than 64 bits. */
    private static final VectorShape HALF = VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 2));
    private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class, HALF);
    private static final VectorSpecies<Short> H = VectorSpecies.of(short.class, HALF);
    private static final int LANES = F.length();
    /** Bytes of a line of weights. */
    private static final int LINE = 2 * LANES;
    /** Bytes of 16 unpacked columns. */
    private static final int UNPACKED = 4 * LANES + 8 * 2 * LINE;
    private static final float MOST = 127;
    /** Added to a float of at most 22 bits, it leaves the nearest integer in the lowest bits. */
    private static final float ROUND = 0x1.8p23f;
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    private VectorPackedDots() {
    }

    /**
     * Rounds {@code n} values, whole blocks of {@value #ROUNDED}, to integers from −127 to 127 times a scale.
     *
     * @param columns where the integers go, 16 bits each
     * @param scales  where the scale of each block goes
     * @param sums    where scale · Σ integers of each block goes
     */
    static void round(long x, int n, long columns, long scales, long sums) {
        for (int block = 0; block < n / ROUNDED; block++) {
            FloatVector largest = FloatVector.zero(F);
            for (int i = 0; i < ROUNDED; i += LANES) {
                largest = largest.max(load(x + 4L * i).abs());
            }
            float most = largest.reduceLanes(VectorOperators.MAX);
            float scale = most / MOST;
            FloatVector inverse = FloatVector.broadcast(F, most == 0 ? 0 : MOST / most);
            IntVector sum = IntVector.zero(I);
            for (int i = 0; i < ROUNDED; i += LANES) {
                IntVector rounded = load(x + 4L * i).mul(inverse).add(ROUND).reinterpretAsInts().sub(ROUND_BITS);
                sum = sum.add(rounded);
                ((ShortVector) rounded.convertShape(VectorOperators.I2S, H, 0)).intoMemorySegment(ALL, columns + 2L * i, ORDER);
            }
            Memory.putFloat(scales + 4L * block, scale);
            Memory.putFloat(sums + 4L * block, scale * sum.reduceLanes(VectorOperators.ADD));
            x += 4 * ROUNDED;
            columns += 2 * ROUNDED;
        }
    }

    /** Multiplies one group of weights with one row of x, into a vector of {@code tile}. */
    static void dot(ShortPackedWeights weights, long group, long columns, long scales, long sums, float[] tile, int at) {
        int blocks = weights.blocks();
        switch (weights.encoding()) {
            case Q6_K -> sixes(group, blocks, columns, scales, tile, at);
            case Q4_K -> fours(2, 1, group, blocks, columns, scales, sums, tile, at);
            default -> fours(1, ZERO, group, blocks, columns, scales, sums, tile, at);
        }
    }

    /** The memory that {@link #CHUNK} blocks of 32 columns take when they are unpacked. */
    static long chunkBytes() {
        return CHUNK * (2L * UNPACKED + 4 * LANES);
    }

    /**
     * Unpacks blocks of a group into halves of 16 columns: scales, then eight lines of 16 bits a weight for two columns each.
     * Behind all halves are the offsets of the blocks.
     *
     * @param first the first of the blocks, counted in 32 columns
     * @param count how many, at most {@link #CHUNK}
     * @param to    at least {@link #chunkBytes}
     */
    static void unpack(ShortPackedWeights weights, long group, int first, int count, long to) {
        int block = ShortPackedWeights.blockBytes(weights.encoding());
        switch (weights.encoding()) {
            case Q6_K -> unpackSixes(group + 2L * first * block, 2 * count, to);
            case Q4_K -> unpackFours(2, group + (long) first * block, count, to);
            default -> unpackFours(1, group + (long) first * block, count, to);
        }
    }

    private static void unpackFours(int factors, long from, int count, long to) {
        for (int i = 0; i < count; i++) {
            FloatVector scales = load(from);
            scales.intoMemorySegment(ALL, to, ORDER);
            scales.intoMemorySegment(ALL, to + UNPACKED, ORDER);
            load(from + (factors - 1) * 4L * LANES).intoMemorySegment(ALL, to + 2L * UNPACKED * (count - i) + 4L * LANES * i, ORDER);
            from += factors * 4L * LANES;
            for (int line = 0; line < 8; line++) {
                ShortVector both = unsigned(from);
                long low = to + 4 * LANES + 2 * line * LINE;
                both.and((short) 15).intoMemorySegment(ALL, low, ORDER);
                both.lanewise(VectorOperators.LSHR, 4).intoMemorySegment(ALL, low + UNPACKED, ORDER);
                from += LINE;
            }
            to += 2 * UNPACKED;
        }
    }

    private static void unpackSixes(long from, int count, long to) {
        for (int i = 0; i < count; i++) {
            load(from).intoMemorySegment(ALL, to, ORDER);
            from += 4 * LANES;
            for (int line = 0; line < 8; line++) {
                signed(from).intoMemorySegment(ALL, to + 4 * LANES + 2 * line * LINE, ORDER);
                from += LINE;
            }
            to += UNPACKED;
        }
    }

    /**
     * Adds the products of unpacked blocks with two rows of x to two vectors of {@code tile}. The second row may be the first.
     *
     * @param row       bytes from the columns of the first row to those of the second
     * @param factorRow bytes from the scales of the first row to those of the second
     */
    static void addDots(Encoding encoding, long unpacked, int count, long columns, long row, long scales, long factorRow,
            float[] tile, int at, int second) {
        if (encoding == Encoding.Q6_K) {
            addHalves(unpacked, 2 * count, columns, 4, ROUNDED, row, scales, factorRow, tile, at, second);
        } else {
            addHalves(unpacked, 2 * count, columns, 8, 4, row, scales, factorRow, tile, at, second);
        }
    }

    /**
     * Adds the products of halves.
     *
     * @param step  bytes from the columns of one line to those of the next
     * @param other bytes from the columns of the first half of a block to those of the second
     */
    private static void addHalves(long weights, int halves, long columns, int step, int other, long row, long scales, long factorRow,
            float[] tile, int at, int second) {
        FloatVector y0 = FloatVector.fromArray(F, tile, at), y1 = FloatVector.fromArray(F, tile, second);
        for (int i = 0; i < halves; i++) {
            long x = columns + (i >> 1) * 2 * ROUNDED + (i & 1) * other;
            ShortVector sum0 = ShortVector.zero(S), sum1 = ShortVector.zero(S);
            for (int line = 0; line < 8; line++) {
                ShortVector two = ShortVector.fromMemorySegment(S, ALL, weights + 4 * LANES + 2 * line * LINE, ORDER);
                sum0 = sum0.add(two.mul(pair(x + step * line)));
                sum1 = sum1.add(two.mul(pair(x + row + step * line)));
            }
            FloatVector factors = load(weights);
            long scale = scales + 4L * (i >> 1);
            y0 = factors.mul(Memory.getFloat(scale)).fma(joined(sum0), y0);
            y1 = factors.mul(Memory.getFloat(scale + factorRow)).fma(joined(sum1), y1);
            weights += UNPACKED;
        }
        y0.intoArray(tile, at);
        y1.intoArray(tile, second);
    }

    /** Adds what the offsets of unpacked blocks give with one row of x to a vector of {@code tile}. */
    static void addOffsets(Encoding encoding, long unpacked, int count, long sums, float[] tile, int at) {
        if (encoding != Encoding.Q6_K) {
            float factor = encoding == Encoding.Q4_K ? 1 : ZERO;
            FloatVector y = FloatVector.fromArray(F, tile, at);
            long offsets = unpacked + 2L * UNPACKED * count;
            for (int i = 0; i < count; i++) {
                y = load(offsets + 4L * LANES * i).fma(FloatVector.broadcast(F, factor * Memory.getFloat(sums + 4L * i)), y);
            }
            y.intoArray(tile, at);
        }
    }

    /** Adds the second of two vectors of {@code tile} to the first. */
    static void join(float[] tile, int at, int offsets) {
        FloatVector.fromArray(F, tile, at).add(FloatVector.fromArray(F, tile, offsets)).intoArray(tile, at);
    }

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
    }

    private static ShortVector unsigned(long address) {
        return (ShortVector) ByteVector.fromMemorySegment(B, ALL, address, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2S, S, 0);
    }

    private static ShortVector signed(long address) {
        return (ShortVector) ByteVector.fromMemorySegment(B, ALL, address, ORDER).convertShape(VectorOperators.B2S, S, 0);
    }

    /** Two columns of x, for all rows of weights. */
    private static ShortVector pair(long address) {
        return IntVector.broadcast(I, Memory.getInt(address)).reinterpretAsShorts();
    }

    /** The sums of neighbouring lanes. */
    private static FloatVector joined(ShortVector sums) {
        IntVector both = sums.reinterpretAsInts();
        IntVector whole = both.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16)
                .add(both.lanewise(VectorOperators.ASHR, 16));
        return (FloatVector) whole.convert(VectorOperators.I2F, 0);
    }

    /**
     * One row with weights of four bits.
     *
     * @param factors vectors before the lines of a block: scales, and offsets where there are any, of which the last counts
     * @param factor  of the last one of them, to be an offset
     */
    private static void fours(int factors, float factor, long group, int blocks, long columns, long scales, long sums, float[] tile,
            int at) {
        FloatVector y = FloatVector.zero(F), z = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            long lines = group + factors * 4L * LANES;
            ShortVector low = ShortVector.zero(S), high = ShortVector.zero(S);
            for (int line = 0; line < 8; line++) {
                ShortVector both = unsigned(lines + line * LINE);
                low = low.add(both.and((short) 15).mul(pair(columns + 8 * line)));
                high = high.add(both.lanewise(VectorOperators.LSHR, 4).mul(pair(columns + 8 * line + 4)));
            }
            FloatVector scale = load(group).mul(Memory.getFloat(scales + 4L * i));
            y = scale.fma(joined(low), y);
            y = scale.fma(joined(high), y);
            z = load(lines - 4 * LANES).fma(FloatVector.broadcast(F, factor * Memory.getFloat(sums + 4L * i)), z);
            group = lines + 8 * LINE;
            columns += 2 * ROUNDED;
        }
        y.add(z).intoArray(tile, at);
    }

    private static void sixes(long group, int blocks, long columns, long scales, float[] tile, int at) {
        FloatVector y = FloatVector.zero(F);
        for (int i = 0; i < blocks; i++) {
            ShortVector sum = ShortVector.zero(S);
            for (int line = 0; line < 8; line++) {
                sum = sum.add(signed(group + 4 * LANES + line * LINE).mul(pair(columns + 4 * line)));
            }
            y = load(group).mul(Memory.getFloat(scales + 4L * (i >> 1))).fma(joined(sum), y);
            group += 4 * LANES + 8 * LINE;
            columns += ROUNDED;
        }
        y.intoArray(tile, at);
    }
}
