package org.intarsia.backend.cpu.code;

/** Instructions that machine code is made of. A processor that has some has those before them as well. */
public enum InstructionSet {
    /** AVX2, FMA and F16C. */
    AVX2(8),
    /** The foundation of AVX-512 with bytes and words, shorter vectors, and VNNI. */
    AVX512(16),
    /** Products of numbers in BF16. */
    AVX512_BF16(16);

    private final int lanes;

    InstructionSet(int lanes) {
        this.lanes = lanes;
    }

    /** Returns how many numbers in F32 a vector has. */
    int lanes() {
        return lanes;
    }
}
