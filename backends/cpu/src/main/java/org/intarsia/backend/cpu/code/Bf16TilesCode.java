package org.intarsia.backend.cpu.code;

/**
 * Writes the function that multiplies a strip of rows with a panel of columns, both in BF16; see {@link Bf16Tiles}. The sums of a
 * strip stay in registers; each is a chain along the inner dimension, so its bits do not depend on the size of the strip.
 */
final class Bf16TilesCode {
    private static final int A = 7;
    private static final int A_ROW = 6;
    private static final int A_STEP = 2;
    private static final int PAIRS = 1;
    private static final int PANEL = 8;
    private static final int RESULT = 9;
    private static final int RESULT_ROW = 0;
    private static final int THREE_ROWS = 10;
    private static final int FIVE_ROWS = 11;
    // Vectors: the sums of row r and vector v are vectors · r + v.
    private static final int FIRST_PANEL = 24;
    private static final int FIRST_A = 28;
    private static final int VECTOR_BYTES = 64;

    private Bf16TilesCode() {
    }

    /**
     * Writes the function.
     *
     * @param rows       1 to 6
     * @param vectors    of 16 columns each, 1 to 4
     * @param accumulate whether sums are added to the result that is there
     */
    static byte[] of(int rows, int vectors, boolean accumulate) {
        Avx512Assembler code = new Avx512Assembler();
        code.stackArgument(RESULT_ROW);
        code.shiftLeft(THREE_ROWS, A_ROW, 1);
        code.shiftLeft(FIVE_ROWS, A_ROW, 2);
        code.addRegister(THREE_ROWS, A_ROW);
        code.addRegister(FIVE_ROWS, A_ROW);
        for (int sum = 0; sum < rows * vectors; sum++) {
            code.vpxord(sum, sum, sum);
        }
        int nextPair = code.here();
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovdqu32(FIRST_PANEL + vector, PANEL, vector * VECTOR_BYTES);
        }
        for (int row = 0; row < rows; row++) {
            int pair = FIRST_A + row % 4;
            broadcast(code, pair, row);
            for (int vector = 0; vector < vectors; vector++) {
                code.vdpbf16ps(row * vectors + vector, FIRST_PANEL + vector, pair);
            }
        }
        code.addRegister(A, A_STEP);
        code.add(PANEL, vectors * VECTOR_BYTES);
        code.loop(PAIRS, nextPair);
        for (int row = 0; row < rows; row++) {
            for (int vector = 0; vector < vectors; vector++) {
                int sum = row * vectors + vector;
                if (accumulate) {
                    code.vaddps(sum, sum, RESULT, vector * VECTOR_BYTES);
                }
                code.storeVmovups(RESULT, vector * VECTOR_BYTES, sum);
            }
            code.addRegister(RESULT, RESULT_ROW);
        }
        code.vzeroupper();
        code.ret();
        return code.bytes();
    }

    private static void broadcast(Avx512Assembler code, int to, int row) {
        switch (row) {
            case 0 -> code.vpbroadcastd(to, A, 0);
            case 3 -> code.vpbroadcastd(to, A, THREE_ROWS, 1);
            case 5 -> code.vpbroadcastd(to, A, FIVE_ROWS, 1);
            default -> code.vpbroadcastd(to, A, A_ROW, row);
        }
    }
}
