package org.intarsia.backend.cpu.code;

import org.intarsia.graph.Encoding;

/** Writes products of {@link StoredDots} with the instructions of AVX2, FMA and F16C. */
final class StoredDots256Code extends StoredDotsCode {
    private final Avx2Assembler code;

    private StoredDots256Code(Avx2Assembler code, Encoding encoding, int rows, boolean memory) {
        super(code, InstructionSet.AVX2.lanes(), encoding, rows, memory);
        this.code = code;
    }

    /** Writes the function; the arguments are those of {@link StoredDotsCode}. */
    static byte[] of(Encoding encoding, int rows, boolean memory) {
        return new StoredDots256Code(new Avx2Assembler(), encoding, rows, memory).write();
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
