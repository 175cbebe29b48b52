package org.intarsia.backend.cpu.code;

import java.util.List;
import org.intarsia.graph.Encoding;

/**
 * Writes products of {@link IntegerDots} with the instructions of AVX2, FMA and F16C. A line of 64 bytes is two vectors of eight rows
 * of weights, which are multiplied one after the other.
 *
 * <p>VPMADDUBSW adds the products of two unsigned bytes with two signed ones in 16 bits, and would cut what is too large for those.
 * With |x| ≤ 127 nothing is: a sum is at most 2 · 128 · 127 = 32,512 for weights of 8 bits, whose magnitudes are the unsigned bytes and
 * whose signs x takes over, and 2 · 15 · 127 = 3,810 for those of 4 bits, so the eight of 32 columns are added in 16 bits (30,480).
 * Two sums are added in 16 bits with 5 bits (2 · 7,874) and with 6 bits (2 · 16,002).
 *
 * <p>Each row of x has one vector for sums of integers; the sums in F32 lie on the stack.
 */
final class IntegerDots256Code extends IntegerDotsCode {
    private static final int STACK = 4;
    /** Lines, factors, scales and x of a part of a block, the parts and the halves of rows that are left, and the sums in F32. */
    private static final int AT_PART = 3;
    private static final int AT_FACTORS = 15;
    private static final int AT_SCALES = 13;
    private static final int AT_PART_OF_X = 5;
    private static final int PARTS = ACCUMULATOR;
    private static final int HALVES = 12;
    private static final int SUMS = 14;
    private static final List<Integer> SAVED = List.of(AT_PART, AT_PART_OF_X, HALVES, AT_SCALES, SUMS, AT_FACTORS);
    // Vectors: the sums of row r are r.
    private static final int VALUES = 8;
    private static final int MORE_VALUES = 9;
    private static final int TEMPORARY = 10;
    private static final int MORE_TEMPORARY = 11;
    private static final int LOW_FOUR = 12;
    /** The bit above those, the two bits, or the sign. */
    private static final int UPPER_BITS = 13;
    private static final int ONES = 14;
    private static final int UPPER = 15;
    // When the products of a block are summed, the values of weights are not needed any more.
    private static final int SCALE = VALUES;
    private static final int MINIMUM = MORE_VALUES;
    private static final int LINE = 64;
    private static final int HALF_LINE = 32;

    private final Avx2Assembler code;
    /** Registers. */
    private final int weights;
    private final int x;

    private IntegerDots256Code(Avx2Assembler code, Encoding encoding, int rows) {
        super(code, encoding, rows);
        this.code = code;
        boolean parts = IntegerDots.blockColumns(encoding) > 32;
        weights = parts ? AT_PART : WEIGHTS;
        x = parts ? AT_PART_OF_X : AT_X;
    }

    /**
     * Writes the function.
     *
     * @param encoding one of those that {@link IntegerDots} knows
     * @param rows     of x, 1 to 8
     */
    static byte[] of(Encoding encoding, int rows) {
        return new IntegerDots256Code(new Avx2Assembler(), encoding, rows).write();
    }

    @Override
    void begin() {
        SAVED.forEach(code::push);
        code.add(STACK, -stackBytes());
        code.mov(SUMS, STACK);
        code.add(SUMS, LINE - 1);
        code.clearLowSix(SUMS);
        constant(LOW_FOUR, 0x0F0F0F0F);
        constant(UPPER_BITS, switch (encoding) {
            case Q8_0 -> 0x80808080;
            case Q6_K -> 0x30303030;
            default -> 0x10101010;
        });
        constant(ONES, 0x00010001);
    }

    private void constant(int vector, int value) {
        code.movInt(ACCUMULATOR, value);
        code.vpbroadcastdRegister(vector, ACCUMULATOR);
    }

    /** Sums of sixteen rows of weights for each row of x, and as much as is lost by aligning them. */
    private int stackBytes() {
        return LINE * (rows + 1);
    }

    @Override
    void clear() {
        code.clear(TEMPORARY);
        for (int at = 0; at < LINE * rows; at += HALF_LINE) {
            code.storeVmovups(SUMS, at, TEMPORARY);
        }
    }

    @Override
    void store() {
        code.mov(ACCUMULATOR, RESULT);
        for (int row = 0; row < rows; row++) {
            for (int at = 0; at < LINE; at += HALF_LINE) {
                code.vmovdqu(TEMPORARY, SUMS, LINE * row + at);
                code.storeVmovups(ACCUMULATOR, at, TEMPORARY);
            }
            code.addRegister(ACCUMULATOR, RESULT_ROW);
        }
    }

    @Override
    void end() {
        code.add(STACK, stackBytes());
        SAVED.reversed().forEach(code::pop);
    }

    @Override
    void block() {
        switch (encoding) {
            case Q8_0 -> block(this::eight);
            case Q4_0, Q4_1 -> block(this::four);
            case Q5_0, Q5_1 -> block(this::five);
            case Q4_K -> parts(4, 64, 576, 2, this::fourK);
            case Q5_K -> parts(4, 64, 704, 2, this::fiveK);
            case Q6_K -> parts(2, 32, 1664, 4, this::sixK);
            default -> throw new IllegalArgumentException(encoding + " has no code");
        }
    }

    /** Instructions for one half of the rows of weights. */
    private interface Half {
        /** @param half 0 or 1 */
        void write(int half);
    }

    private void block(Half one) {
        prefetch(WEIGHTS, IntegerDots.blockBytes(encoding), AT_X, 1);
        one.write(0);
        one.write(1);
    }

    /**
     * Writes loops over parts of a block and, in each, over the halves of the rows: without them, the instructions for many rows of x
     * were too many for the processor's caches.
     *
     * @param blocksOfX 32 columns each
     */
    private void parts(int count, int first, int bytes, int blocksOfX, Runnable one) {
        prefetch(WEIGHTS, first, AT_X, 0);
        code.mov(AT_PART, WEIGHTS);
        code.add(AT_PART, first);
        code.mov(AT_PART_OF_X, AT_X);
        code.movInt(PARTS, count);
        int next = code.here();
        // A part at a time: more at once would wait for one another.
        prefetch(AT_PART, bytes, AT_PART_OF_X, blocksOfX);
        code.mov(AT_FACTORS, AT_PART);
        code.mov(AT_SCALES, WEIGHTS);
        code.movInt(HALVES, 2);
        int nextHalf = code.here();
        one.run();
        code.add(AT_PART, HALF_LINE);
        code.add(AT_FACTORS, 8);
        code.add(AT_SCALES, 16);
        code.add(SUMS, HALF_LINE);
        code.loop(HALVES, nextHalf);
        code.add(SUMS, -LINE);
        code.add(AT_PART, bytes - LINE);
        code.add(AT_PART_OF_X, rows * BLOCK_X * blocksOfX);
        code.loop(PARTS, next);
    }

    /** 32 columns: scales in F16, then eight lines of four columns, which are stored as unsigned bytes, 128 too much. */
    private void eight(int half) {
        for (int line = 0; line < 8; line++) {
            code.vpxor(VALUES, UPPER_BITS, weights, 32 + LINE * line + HALF_LINE * half);
            code.vpabsb(MORE_VALUES, VALUES);
            for (int row = 0; row < rows; row++) {
                code.vpbroadcastd(TEMPORARY, x, columns(0, row, 4 * line));
                code.vpsignb(TEMPORARY, TEMPORARY, VALUES);
                code.vpmaddubsw(TEMPORARY, MORE_VALUES, TEMPORARY);
                widen(row, line == 0);
            }
        }
        code.vcvtph2ps(SCALE, weights, 16 * half);
        addSums(0, half);
    }

    /** 32 columns: scales in F16, minima with Q4_1, then four lines of eight columns, four in the lower halves of bytes. */
    private void four(int half) {
        int lines = hasMinimum() ? 64 : 32;
        sumOfFours(0, line -> nibbles(VALUES, lines + LINE * (line % 4) + HALF_LINE * half, line >= 4));
        ofBlock(half);
    }

    /** As with four bits, with one line of fifth bits in front of the four: bit i of a byte belongs to line i of eight. */
    private void five(int half) {
        int fifths = hasMinimum() ? 64 : 32;
        if (!hasMinimum()) {
            beginWithOffset(0, 0);
        }
        for (int line = 0; line < 8; line += 2) {
            for (int i = line; i < line + 2; i++) {
                nibbles(VALUES + i - line, fifths + LINE + LINE * (i % 4) + HALF_LINE * half, i >= 4);
                fifth(VALUES + i - line, fifths + HALF_LINE * half, i);
            }
            addPair(0, line, hasMinimum() && line == 0);
        }
        ofBlock(half);
    }

    /** Adds the sums of a block of 32 columns that has scales, and perhaps minima, of its own. */
    private void ofBlock(int half) {
        code.vcvtph2ps(SCALE, weights, 16 * half);
        if (hasMinimum()) {
            code.vcvtph2ps(MINIMUM, weights, 32 + 16 * half);
        }
        addSums(0, half);
    }

    /**
     * 256 columns: scales and minima in F16, then four parts of 64 columns. A part: factors and minima of the first 32 columns, a
     * byte each, those of the others, then eight lines, whose lower halves of bytes are the first columns.
     */
    private void fourK() {
        for (int block = 0; block < 2; block++) {
            boolean high = block == 1;
            sumOfFours(block, line -> nibbles(VALUES, 64 + LINE * line, high));
            ofPart(block);
        }
    }

    /** As with four bits, with two lines of fifth bits behind the eight, one for each 32 columns. */
    private void fiveK() {
        for (int block = 0; block < 2; block++) {
            for (int line = 0; line < 8; line += 2) {
                for (int i = line; i < line + 2; i++) {
                    nibbles(VALUES + i - line, 64 + LINE * i, block == 1);
                    fifth(VALUES + i - line, 64 + LINE * (8 + block), i);
                }
                addPair(block, line, line == 0);
            }
            ofPart(block);
        }
    }

    /** Adds the sums of 32 columns whose factors and minima are those of a part. */
    private void ofPart(int block) {
        code.vcvtph2ps(UPPER, AT_SCALES, 0);
        code.vpmovzxbd(SCALE, AT_FACTORS, 32 * block);
        code.vcvtdq2ps(SCALE, SCALE);
        code.vmulps(SCALE, SCALE, UPPER);
        code.vcvtph2ps(UPPER, AT_SCALES, 32);
        code.vpmovzxbd(MINIMUM, AT_FACTORS, 32 * block + 16);
        code.vcvtdq2ps(MINIMUM, MINIMUM);
        code.vmulps(MINIMUM, MINIMUM, UPPER);
        addSums(block, 0);
    }

    /**
     * 256 columns: scales in F16, then two parts of 128 columns. A part: eight times sixteen factors, a signed byte each, sixteen lines
     * with the lower four bits of values, eight with the upper two.
     */
    private void sixK() {
        for (int sixteen = 0; sixteen < 8; sixteen++) {
            int block = sixteen / 2;
            int second = sixteen % 2;
            beginWithOffset(block, second);
            for (int line = 4 * second; line < 4 * second + 4; line += 2) {
                for (int i = line; i < line + 2; i++) {
                    nibbles(VALUES + i - line, 128 + LINE * (i + block % 2 * 8), block >= 2);
                    upper(VALUES + i - line, 1152 + LINE * i, 4 - 2 * block);
                }
                addPair(block, line, false);
            }
            code.vcvtph2ps(UPPER, AT_SCALES, 0);
            code.vpmovsxbd(SCALE, AT_FACTORS, 16 * sixteen);
            code.vcvtdq2ps(SCALE, SCALE);
            code.vmulps(SCALE, SCALE, UPPER);
            addSums(block, 0);
        }
    }

    /** Loads the lower or the upper halves of bytes. */
    private void nibbles(int to, int distance, boolean high) {
        if (high) {
            code.vmovdqu(to, weights, distance);
            code.vpsrlw(to, to, 4);
            code.vpand(to, to, LOW_FOUR);
        } else {
            code.vpand(to, LOW_FOUR, weights, distance);
        }
    }

    private void fifth(int to, int distance, int bit) {
        upper(to, distance, 4 - bit);
    }

    /** Joins bits of a byte that have to be shifted to the left, or to the right where {@code left} is negative. */
    private void upper(int to, int distance, int left) {
        if (left == 0) {
            code.vpand(UPPER, UPPER_BITS, weights, distance);
        } else {
            code.vmovdqu(UPPER, weights, distance);
            if (left > 0) {
                code.vpsllw(UPPER, UPPER, left);
            } else {
                code.vpsrlw(UPPER, UPPER, -left);
            }
            code.vpand(UPPER, UPPER, UPPER_BITS);
        }
        code.vpor(to, to, UPPER);
    }

    private boolean hasMinimum() {
        return switch (encoding) {
            case Q4_1, Q5_1, Q4_K, Q5_K -> true;
            default -> false;
        };
    }

    /** Loads the values of a line. */
    private interface Line {
        /** @param line 0 to 7: four columns each */
        void load(int line);
    }

    /** Sums the products of 32 columns with values of four bits, in 16 bits. */
    private void sumOfFours(int block, Line values) {
        for (int line = 0; line < 8; line++) {
            values.load(line);
            for (int row = 0; row < rows; row++) {
                code.vpbroadcastd(TEMPORARY, x, columns(block, row, 4 * line));
                code.vpmaddubsw(line == 0 ? row : TEMPORARY, VALUES, TEMPORARY);
                if (line > 0) {
                    code.vpaddw(row, row, TEMPORARY);
                }
            }
        }
        for (int row = 0; row < rows; row++) {
            code.vpmaddwd(row, row, ONES);
            if (!hasMinimum()) {
                code.vpbroadcastd(TEMPORARY, x, offset(block, 0, row));
                code.vpaddd(row, row, TEMPORARY);
            }
        }
    }

    /** Weights without minima are stored as bytes that are not negative, so sums begin with what that gives too much. */
    private void beginWithOffset(int block, int second) {
        for (int row = 0; row < rows; row++) {
            code.vpbroadcastd(row, x, offset(block, second, row));
        }
    }

    /** Adds the products of two lines, whose values are in two registers. */
    private void addPair(int block, int line, boolean first) {
        for (int row = 0; row < rows; row++) {
            code.vpbroadcastd(TEMPORARY, x, columns(block, row, 4 * line));
            code.vpmaddubsw(TEMPORARY, VALUES, TEMPORARY);
            code.vpbroadcastd(MORE_TEMPORARY, x, columns(block, row, 4 * line + 4));
            code.vpmaddubsw(MORE_TEMPORARY, MORE_VALUES, MORE_TEMPORARY);
            code.vpaddw(TEMPORARY, TEMPORARY, MORE_TEMPORARY);
            widen(row, first);
        }
    }

    /** Adds pairs of numbers of 16 bits to the sums of a row. */
    private void widen(int row, boolean first) {
        if (first) {
            code.vpmaddwd(row, TEMPORARY, ONES);
        } else {
            code.vpmaddwd(TEMPORARY, TEMPORARY, ONES);
            code.vpaddd(row, row, TEMPORARY);
        }
    }

    /** Adds the sums of integers, times the scales of weights and of x, and minima times sums of x. */
    private void addSums(int block, int half) {
        for (int row = 0; row < rows; row++) {
            int sums = LINE * row + HALF_LINE * half;
            code.vcvtdq2ps(row, row);
            code.vpbroadcastd(TEMPORARY, x, scale(block, row));
            code.vmulps(TEMPORARY, TEMPORARY, SCALE);
            code.vfmadd213ps(row, TEMPORARY, SUMS, sums);
            if (hasMinimum()) {
                code.vpbroadcastd(TEMPORARY, x, offset(block, 0, row));
                if (IntegerDots.blockColumns(encoding) > 32) {
                    code.vfnmadd231ps(row, MINIMUM, TEMPORARY);
                } else {
                    code.vfmadd231ps(row, MINIMUM, TEMPORARY);
                }
            }
            code.storeVmovups(SUMS, sums, row);
        }
    }
}
