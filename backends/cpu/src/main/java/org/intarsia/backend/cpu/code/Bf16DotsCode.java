package org.intarsia.backend.cpu.code;

/**
 * Writes the function that multiplies rows of weights in BF16, four at a time and as they are stored, with up to four rows of x in
 * BF16; see {@link Bf16Dots}. Each pair of rows has a vector of sums, to which columns are added in their order, so the bits of a
 * result do not depend on the number of rows.
 */
final class Bf16DotsCode {
    private static final int WEIGHTS = 7;
    private static final int X = 6;
    private static final int STEPS = 2;
    private static final int QUADS = 1;
    private static final int RESULT = 8;
    private static final int RESULT_ROW = 9;
    // Free for use, but for those that have to be given back.
    private static final int AT_WEIGHTS = 0;
    private static final int ROW = 10;
    private static final int THREE_ROWS = 11;
    private static final int AT_X = 3;
    private static final int STEPS_LEFT = 5;
    private static final int AHEAD = 14;
    // Vectors: the sums of row r of x and row w of weights are 4 · r + w.
    private static final int FIRST_WEIGHT = 16;
    private static final int ONE_X = 20;
    private static final int TEMPORARY = 21;
    private static final int CACHE_LINE = 64;
    /** The bytes that the first-level cache is filled ahead from the second: other distances were slower. */
    private static final int NEAR = 256;

    private Bf16DotsCode() {
    }

    /**
     * Writes the function.
     *
     * @param rows   of x, 1 to 4
     * @param memory whether weights come from memory and are read once; otherwise they are in a cache, where fetching only costs
     */
    static byte[] of(int rows, boolean memory) {
        Avx512Assembler code = new Avx512Assembler();
        code.push(AT_X);
        code.push(STEPS_LEFT);
        code.push(AHEAD);
        code.shiftLeft(ROW, STEPS, 6);
        code.shiftLeft(THREE_ROWS, ROW, 1);
        code.addRegister(THREE_ROWS, ROW);
        int nextQuad = code.here();
        code.mov(AT_WEIGHTS, WEIGHTS);
        code.mov(AT_X, X);
        code.mov(STEPS_LEFT, STEPS);
        // The rows behind these are one piece of memory, which is fetched meanwhile.
        code.addRegister(WEIGHTS, THREE_ROWS);
        code.addRegister(WEIGHTS, ROW);
        code.mov(AHEAD, WEIGHTS);
        for (int sum = 0; sum < 4 * rows; sum++) {
            code.vpxord(sum, sum, sum);
        }
        int nextStep = code.here();
        for (int weight = 0; weight < 4; weight++) {
            if (memory) {
                code.prefetchSecond(AHEAD, weight * CACHE_LINE);
                fetch(code, AT_WEIGHTS, weight);
            }
            load(code, FIRST_WEIGHT + weight, AT_WEIGHTS, weight);
        }
        for (int row = 0; row < rows; row++) {
            if (memory) {
                fetch(code, AT_X, row);
            }
            load(code, ONE_X, AT_X, row);
            for (int weight = 0; weight < 4; weight++) {
                code.vdpbf16ps(4 * row + weight, FIRST_WEIGHT + weight, ONE_X);
            }
        }
        code.add(AHEAD, 4 * CACHE_LINE);
        code.add(AT_WEIGHTS, CACHE_LINE);
        code.add(AT_X, CACHE_LINE);
        code.loop(STEPS_LEFT, nextStep);
        code.mov(AT_X, RESULT);
        for (int row = 0; row < rows; row++) {
            sums(code, 4 * row);
            code.storeVmovups128(AT_X, 4 * row);
            code.addRegister(AT_X, RESULT_ROW);
        }
        code.add(RESULT, 4 * 4);
        code.loop(QUADS, nextQuad);
        code.pop(AHEAD);
        code.pop(STEPS_LEFT);
        code.pop(AT_X);
        code.vzeroupper();
        code.ret();
        return code.bytes();
    }

    private static void load(Avx512Assembler code, int to, int base, int row) {
        if (row == 3) {
            code.vmovdqu32(to, base, THREE_ROWS, 1);
        } else {
            code.vmovdqu32(to, base, ROW, row);
        }
    }

    /** Fetches what the second-level cache has into the first. */
    private static void fetch(Avx512Assembler code, int base, int row) {
        if (row == 3) {
            code.prefetch(base, THREE_ROWS, 1, NEAR);
        } else {
            code.prefetch(base, ROW, row, NEAR);
        }
    }

    /** Adds the lanes of each of four vectors; the four sums are the lower lanes of the first. */
    private static void sums(Avx512Assembler code, int first) {
        for (int i = 0; i < 4; i++) {
            code.upperHalf(TEMPORARY, first + i);
            code.vaddps256(first + i, first + i, TEMPORARY);
        }
        code.vhaddps256(first, first, first + 1);
        code.vhaddps256(first + 2, first + 2, first + 3);
        code.vhaddps256(first, first, first + 2);
        code.upperQuarter(first + 1, first);
        code.vaddps256(first, first, first + 1);
    }
}
