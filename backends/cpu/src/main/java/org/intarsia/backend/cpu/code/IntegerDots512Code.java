package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/**
 * Writes products of {@link IntegerDots} with the instructions of AVX-512 and VNNI.
 *
 * <p>Each row of x has two vectors: the sums of a block as integers, and the sums of all blocks in F32.
 */
final class IntegerDots512Code extends IntegerDotsCode {
    // Vectors: those of row r are r and 8 + r.
    private static final int INTEGERS = 8;
    private static final int SCALE = 16;
    private static final int TEMPORARY = 17;
    private static final int LINE = 18;
    private static final int VALUES = 19;
    private static final int LOW_FOUR = 20;
    private static final int MIDDLE_TWO = 21;
    private static final int BLOCK_SCALE = 22;
    private static final int BLOCK_MINIMUM = 23;
    private static final int MINIMUM = 24;
    private static final int UPPER = 25;

    private final Avx512Assembler code;

    private IntegerDots512Code(Avx512Assembler code, Encoding encoding, int rows) {
        super(code, encoding, rows);
        this.code = code;
    }

    /**
     * Writes the function.
     *
     * @param encoding Q8_0, Q4_0, Q4_K or Q6_K
     * @param rows     of x, 1 to 8
     */
    static byte[] of(Encoding encoding, int rows) {
        return new IntegerDots512Code(new Avx512Assembler(), encoding, rows).write();
    }

    @Override
    void begin() {
        constant(LOW_FOUR, 0x0F0F0F0F);
        constant(MIDDLE_TWO, 0x30303030);
    }

    @Override
    void clear() {
        for (int row = 0; row < rows; row++) {
            code.clear(row);
        }
    }

    @Override
    void block() {
        prefetch(WEIGHTS, IntegerDots.blockBytes(encoding), AT_X, IntegerDots.blockColumns(encoding) / 32);
        switch (encoding) {
            case Q8_0 -> eight();
            case Q4_0 -> four();
            case Q4_K -> fourK();
            case Q6_K -> sixK();
            default -> throw new IllegalArgumentException(encoding + " has no code");
        }
    }

    @Override
    void store() {
        code.mov(ACCUMULATOR, RESULT);
        for (int row = 0; row < rows; row++) {
            code.storeVmovups(ACCUMULATOR, 0, row);
            code.addRegister(ACCUMULATOR, RESULT_ROW);
        }
    }

    @Override
    void end() {
        // Nothing was saved.
    }

    private void constant(int vector, int value) {
        code.movInt(ACCUMULATOR, value);
        code.vpbroadcastdRegister(vector, ACCUMULATOR);
    }

    /** 32 columns: scales in F16, then eight lines of four columns. */
    private void eight() {
        code.vcvtph2ps(SCALE, WEIGHTS, 0);
        beginWithOffset(0, 0);
        for (int line = 0; line < 8; line++) {
            code.vmovdqu32(LINE, WEIGHTS, 32 + 64 * line);
            add(LINE, 0, 4 * line);
        }
        addSums(0);
    }

    /** 32 columns: scales in F16, then four lines of eight columns, four in the lower halves of bytes, four in the upper ones. */
    private void four() {
        code.vcvtph2ps(SCALE, WEIGHTS, 0);
        beginWithOffset(0, 0);
        for (int line = 0; line < 4; line++) {
            code.vmovdqu32(LINE, WEIGHTS, 32 + 64 * line);
            low();
            add(VALUES, 0, 4 * line);
            high();
            add(VALUES, 0, 16 + 4 * line);
        }
        addSums(0);
    }

    /**
     * 256 columns: scales and minima in F16, then four pieces of 64 columns. A piece: factors and minima of the first 32 columns, a
     * byte each, those of the others, then eight lines, whose lower halves of bytes are the first columns.
     */
    private void fourK() {
        code.vcvtph2ps(BLOCK_SCALE, WEIGHTS, 0);
        code.vcvtph2ps(BLOCK_MINIMUM, WEIGHTS, 32);
        for (int half = 0; half < 8; half++) {
            int piece = 64 + half / 2 * 576;
            factors(true, piece + half % 2 * 32);
            code.vpmovzxbd(MINIMUM, WEIGHTS, piece + half % 2 * 32 + 16);
            code.vcvtdq2ps(MINIMUM, MINIMUM);
            code.vmulps(MINIMUM, MINIMUM, BLOCK_MINIMUM);
            for (int row = 0; row < rows; row++) {
                code.clear(INTEGERS + row);
            }
            for (int line = 0; line < 8; line++) {
                code.vmovdqu32(LINE, WEIGHTS, piece + 64 + 64 * line);
                if (half % 2 == 0) {
                    low();
                } else {
                    high();
                }
                add(VALUES, half, 4 * line);
            }
            addSums(half);
            for (int row = 0; row < rows; row++) {
                code.vfnmadd231psBroadcast(row, MINIMUM, AT_X, offset(half, 0, row));
            }
        }
    }

    /**
     * 256 columns: scales in F16, then two halves of 128 columns. A half: eight times sixteen factors, a signed byte each, sixteen lines
     * with the lower four bits of values, eight with the upper two.
     */
    private void sixK() {
        code.vcvtph2ps(BLOCK_SCALE, WEIGHTS, 0);
        for (int part = 0; part < 16; part++) {
            int half = 32 + part / 8 * 1664;
            int quarter = part % 8 / 2;
            int second = part % 2;
            factors(false, half + 16 * (part % 8));
            int block = part / 2;
            beginWithOffset(block, second);
            for (int line = 4 * second; line < 4 * second + 4; line++) {
                code.vmovdqu32(LINE, WEIGHTS, half + 128 + 64 * (line + quarter % 2 * 8));
                if (quarter < 2) {
                    low();
                } else {
                    high();
                }
                code.vmovdqu32(UPPER, WEIGHTS, half + 1152 + 64 * line);
                switch (quarter) {
                    case 0 -> code.vpsllw(UPPER, UPPER, 4);
                    case 1 -> code.vpsllw(UPPER, UPPER, 2);
                    case 3 -> code.vpsrlw(UPPER, UPPER, 2);
                    default -> { }
                }
                code.orAnd(VALUES, UPPER, MIDDLE_TWO);
                add(VALUES, block, 4 * line);
            }
            addSums(block);
        }
    }

    /** The scales of some columns: factors of a byte, times the scales of the block. */
    private void factors(boolean unsigned, int distance) {
        if (unsigned) {
            code.vpmovzxbd(SCALE, WEIGHTS, distance);
        } else {
            code.vpmovsxbd(SCALE, WEIGHTS, distance);
        }
        code.vcvtdq2ps(SCALE, SCALE);
        code.vmulps(SCALE, SCALE, BLOCK_SCALE);
    }

    private void low() {
        code.vpandd(VALUES, LINE, LOW_FOUR);
    }

    private void high() {
        code.vpsrlw(VALUES, LINE, 4);
        code.vpandd(VALUES, VALUES, LOW_FOUR);
    }

    /** Weights are stored as bytes that are not negative, so sums begin with what that gives too much. */
    private void beginWithOffset(int block, int second) {
        for (int row = 0; row < rows; row++) {
            code.vpbroadcastd(INTEGERS + row, AT_X, offset(block, second, row));
        }
    }

    /** Adds the products of four columns, the first of which is {@code column} of a block of 32. */
    private void add(int weights, int block, int column) {
        for (int row = 0; row < rows; row++) {
            code.vpdpbusdBroadcast(INTEGERS + row, weights, AT_X, columns(block, row, column));
        }
    }

    /** Adds the sums of integers, times the scales of weights and of x. */
    private void addSums(int block) {
        for (int row = 0; row < rows; row++) {
            code.vcvtdq2ps(INTEGERS + row, INTEGERS + row);
            code.vmulpsBroadcast(TEMPORARY, SCALE, AT_X, scale(block, row));
            code.vfmadd231ps(row, INTEGERS + row, TEMPORARY);
        }
    }
}
