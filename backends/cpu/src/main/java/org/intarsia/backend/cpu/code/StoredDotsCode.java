package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/** Writes products of {@link StoredDots} with the instructions of AVX2, FMA and F16C, or with those of AVX-512. */
final class StoredDotsCode extends RowDotsCode {
    /** Three vectors of x; together with the next they are free when lanes are added up. */
    private static final int FIRST_X = 12;
    private static final int ONE_WEIGHT = 15;

    private final Assembler code;
    private final int lanes;
    private final Encoding encoding;

    private StoredDotsCode(Assembler code, int lanes, Encoding encoding, int rows, boolean memory) {
        super(code, rows, memory);
        this.code = code;
        this.lanes = lanes;
        this.encoding = encoding;
    }

    /**
     * Writes the function.
     *
     * @param instructions {@link InstructionSet#AVX2} or {@link InstructionSet#AVX512}
     * @param encoding     F32, BF16 or F16
     * @param rows         of x, 1 to 3
     * @param memory       whether weights come from memory
     */
    static byte[] of(InstructionSet instructions, Encoding encoding, int rows, boolean memory) {
        return new StoredDotsCode(Assembler.of(instructions), instructions.lanes(), encoding, rows, memory).write();
    }

    @Override
    int bytesOfX() {
        return 4 * COLUMNS;
    }

    @Override
    int bytesOfWeights() {
        return Math.toIntExact(encoding.bytes(COLUMNS));
    }

    @Override
    void step() {
        for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
            fetchWeights(weight);
        }
        // Rows of weights are the measure of distances.
        int rowOfX = bytesOfX() / bytesOfWeights();
        for (int column = 0; column < COLUMNS; column += lanes) {
            for (int row = 0; row < rows; row++) {
                code.vmovups(FIRST_X + row, AT_X, ROW, rowOfX * row, 4 * column);
            }
            for (int weight = 0; weight < WEIGHTS_TOGETHER; weight++) {
                load(weight, Math.toIntExact(encoding.bytes(column)));
                for (int row = 0; row < rows; row++) {
                    code.vfmadd231ps(WEIGHTS_TOGETHER * row + weight, ONE_WEIGHT, FIRST_X + row);
                }
            }
        }
    }

    private void load(int weight, int distance) {
        int index = index(weight);
        int factor = factor(weight);
        switch (encoding) {
            case F32 -> code.vmovups(ONE_WEIGHT, AT_WEIGHTS, index, factor, distance);
            case F16 -> code.vcvtph2ps(ONE_WEIGHT, AT_WEIGHTS, index, factor, distance);
            case BF16 -> {
                code.vpmovzxwd(ONE_WEIGHT, AT_WEIGHTS, index, factor, distance);
                code.vpslld(ONE_WEIGHT, ONE_WEIGHT, 16);
            }
            default -> throw new IllegalArgumentException("there is no code for weights in " + encoding);
        }
    }

    @Override
    void sums(int first) {
        if (code instanceof Avx512Assembler wide) {
            for (int i = 0; i < WEIGHTS_TOGETHER; i++) {
                wide.upperHalf(FIRST_X + i, first + i);
            }
            sums256(first);
            sums256(FIRST_X);
            code.vaddps128(first, first, FIRST_X);
        } else {
            sums256(first);
        }
    }

    /** Adds the lanes of each of four vectors of 256 bits. */
    private void sums256(int first) {
        code.vhaddps256(first, first, first + 1);
        code.vhaddps256(first + 2, first + 2, first + 3);
        code.vhaddps256(first, first, first + 2);
        code.upperQuarter(first + 1, first);
        code.vaddps128(first, first, first + 1);
    }
}
