package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/** Writes products of {@link StoredDots} with the instructions of AVX-512. */
final class StoredDots512Code extends StoredDotsCode {
    private final Avx512Assembler code;

    private StoredDots512Code(Avx512Assembler code, Encoding encoding, int rows, boolean memory) {
        super(code, InstructionSet.AVX512.lanes(), encoding, rows, memory);
        this.code = code;
    }

    /** Writes the function; the arguments are those of {@link StoredDotsCode}. */
    static byte[] of(Encoding encoding, int rows, boolean memory) {
        return new StoredDots512Code(new Avx512Assembler(), encoding, rows, memory).write();
    }

    @Override
    void sums(int first) {
        for (int i = 0; i < WEIGHTS_TOGETHER; i++) {
            code.upperHalf(FIRST_X + i, first + i);
        }
        quarters(first);
        quarters(FIRST_X);
        code.vaddps256(first, first, FIRST_X);
    }

    /** Adds the lanes of each of four vectors of 256 bits. */
    private void quarters(int first) {
        code.vhaddps256(first, first, first + 1);
        code.vhaddps256(first + 2, first + 2, first + 3);
        code.vhaddps256(first, first, first + 2);
        code.upperQuarter(first + 1, first);
        code.vaddps256(first, first, first + 1);
    }
}
