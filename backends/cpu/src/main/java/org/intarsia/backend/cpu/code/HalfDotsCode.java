package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/** Writes products of {@link HalfDots} with the instructions of AVX2, FMA and F16C. */
final class HalfDotsCode extends RowDotsCode {
    private static final int FIRST_WEIGHT = 12;

    private final Avx2Assembler code;
    private final Encoding encoding;

    private HalfDotsCode(Avx2Assembler code, Encoding encoding, int rows, boolean memory) {
        super(code, rows, memory);
        this.code = code;
        this.encoding = encoding;
    }

    /**
     * Writes the function.
     *
     * @param encoding BF16 or F16
     * @param rows     of x, 1 to 3
     * @param memory   whether weights come from memory
     */
    static byte[] of(Encoding encoding, int rows, boolean memory) {
        return new HalfDotsCode(new Avx2Assembler(), encoding, rows, memory).write();
    }

    @Override
    void clear() {
        for (int sum = 0; sum < WEIGHTS_TOGETHER * rows; sum++) {
            code.vpxor(sum, sum, sum);
        }
    }

    @Override
    int bytesOfX() {
        return 4 * COLUMNS;
    }

    @Override
    void step() {
        for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
            fetchWeights(weight);
        }
        for (int column = 0; column < COLUMNS; column += HalfDots.LANES) {
            for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
                load(weight, 2 * column);
            }
            for (int row = 0; row < rows; row++) {
                for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
                    // Rows of x are twice as long as those of weights.
                    code.vfmadd231ps(WEIGHTS_TOGETHER * row + weight, FIRST_WEIGHT + weight, AT_X, ROW, 2 * row, 4 * column);
                }
            }
        }
    }

    private void load(int weight, int distance) {
        int to = FIRST_WEIGHT + weight;
        if (encoding == Encoding.F16) {
            code.vcvtph2ps(to, AT_WEIGHTS, index(weight), factor(weight), distance);
        } else {
            code.vpmovzxwd(to, AT_WEIGHTS, index(weight), factor(weight), distance);
            code.vpslld(to, to, 16);
        }
    }

    @Override
    void sums(int first) {
        code.vhaddps256(first, first, first + 1);
        code.vhaddps256(first + 2, first + 2, first + 3);
        code.vhaddps256(first, first, first + 2);
        code.upperQuarter(first + 1, first);
        code.vaddps128(first, first, first + 1);
    }
}
