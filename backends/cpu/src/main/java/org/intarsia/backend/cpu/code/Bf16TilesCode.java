package org.intarsia.backend.cpu.code;

/** Writes the function that multiplies a strip of rows with a panel of columns, both in BF16; see {@link Bf16Tiles}. */
final class Bf16TilesCode extends TilesCode {
    private static final int RESULT_ROW = 0;
    // Vectors: the sums of row r and vector v are vectors · r + v.
    private static final int FIRST_PANEL = 24;
    private static final int FIRST_A = 28;
    private static final int VECTOR_BYTES = 64;

    private final Avx512Assembler code;
    private final int rows;
    private final int vectors;

    private Bf16TilesCode(Avx512Assembler code, int rows, int vectors) {
        super(code);
        this.code = code;
        this.rows = rows;
        this.vectors = vectors;
    }

    /**
     * Writes the function.
     *
     * @param rows       1 to 6
     * @param vectors    of 16 columns each, 1 to 4
     * @param accumulate whether sums are added to the result that is there
     */
    static byte[] of(int rows, int vectors, boolean accumulate) {
        return new Bf16TilesCode(new Avx512Assembler(), rows, vectors).write(accumulate);
    }

    private byte[] write(boolean accumulate) {
        code.stackArgument(RESULT_ROW, 0);
        rowDistances();
        for (int sum = 0; sum < rows * vectors; sum++) {
            code.clear(sum);
        }
        int nextPair = code.here();
        for (int vector = 0; vector < vectors; vector++) {
            code.vmovdqu32(FIRST_PANEL + vector, PANEL, vector * VECTOR_BYTES);
        }
        for (int row = 0; row < rows; row++) {
            int pair = FIRST_A + row % 4;
            code.vpbroadcastd(pair, A, index(row), factor(row));
            for (int vector = 0; vector < vectors; vector++) {
                code.vdpbf16ps(row * vectors + vector, FIRST_PANEL + vector, pair);
            }
        }
        code.addRegister(A, A_STEP);
        code.add(PANEL, vectors * VECTOR_BYTES);
        code.loop(DEPTH, nextPair);
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
}
