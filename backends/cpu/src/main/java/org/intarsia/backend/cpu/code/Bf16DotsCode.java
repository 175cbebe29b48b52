package org.intarsia.backend.cpu.code;

/** Writes products of {@link Bf16Dots} with the instructions of AVX-512 and its BF16. */
final class Bf16DotsCode extends RowDotsCode {
    private static final int FIRST_WEIGHT = 16;
    private static final int ONE_X = 20;
    private static final int TEMPORARY = 21;

    private final Avx512Assembler code;

    private Bf16DotsCode(Avx512Assembler code, int rows, boolean memory) {
        super(code, rows, memory);
        this.code = code;
    }

    /**
     * Writes the function.
     *
     * @param rows   of x, 1 to 4
     * @param memory whether weights come from memory
     */
    static byte[] of(int rows, boolean memory) {
        return new Bf16DotsCode(new Avx512Assembler(), rows, memory).write();
    }

    @Override
    int bytesOfX() {
        return 2 * COLUMNS;
    }

    @Override
    void step() {
        for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
            fetchWeights(weight);
            code.vmovdqu32(FIRST_WEIGHT + weight, AT_WEIGHTS, index(weight), factor(weight));
        }
        for (int row = 0; row < rows; row++) {
            fetchX(row);
            code.vmovdqu32(ONE_X, AT_X, index(row), factor(row));
            for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
                code.vdpbf16ps(WEIGHTS_TOGETHER * row + weight, FIRST_WEIGHT + weight, ONE_X);
            }
        }
    }

    @Override
    void sums(int first) {
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
