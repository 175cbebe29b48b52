package org.intarsia.backend.cpu.code;

/**
 * Writes instructions of AVX, AVX2, FMA and F16C, on registers of 256 bits, of which there are sixteen. Names of operands are those of
 * the manual; distances are in bytes.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapters 2.3 (VEX) and 3 to 5.
 */
final class Avx2Assembler extends Assembler {

    /** Loads 256 bits. */
    void vmovdqu(int to, int base, int distance) {
        memory(MAP_0F, PREFIX_F3, 0x6F, to, NONE, base, distance);
    }

    /** Copies the lower 32 bits of one of the first eight general registers into all lanes. */
    void vpbroadcastdRegister(int to, int from) {
        // VMOVD, which takes registers of 128 bits.
        vex(MAP_0F, PREFIX_66, 0, to, NONE, from);
        put(0x6E, 0xC0 | (to & 7) << 3 | from & 7);
        registers(MAP_0F38, PREFIX_66, 0x58, to, NONE, to);
    }

    /** to = a ^ 256 bits of memory. */
    void vpxor(int to, int a, int base, int distance) {
        memory(MAP_0F, PREFIX_66, 0xEF, to, a, base, distance);
    }

    void vpand(int to, int a, int b) {
        registers(MAP_0F, PREFIX_66, 0xDB, to, a, b);
    }

    /** to = a &amp; 256 bits of memory. */
    void vpand(int to, int a, int base, int distance) {
        memory(MAP_0F, PREFIX_66, 0xDB, to, a, base, distance);
    }

    void vpor(int to, int a, int b) {
        registers(MAP_0F, PREFIX_66, 0xEB, to, a, b);
    }

    /** Magnitudes of signed bytes, as unsigned ones. */
    void vpabsb(int to, int from) {
        registers(MAP_0F38, PREFIX_66, 0x1C, to, NONE, from);
    }

    /** Bytes of a, negated where those of b are negative, 0 where those are 0. */
    void vpsignb(int to, int a, int b) {
        registers(MAP_0F38, PREFIX_66, 0x08, to, a, b);
    }

    /** Sums of two products of unsigned bytes of a with signed bytes of b, in 16 bits, to the largest of which larger ones are cut. */
    void vpmaddubsw(int to, int a, int b) {
        registers(MAP_0F38, PREFIX_66, 0x04, to, a, b);
    }

    /** Sums of two products of numbers of 16 bits, in 32 bits. */
    void vpmaddwd(int to, int a, int b) {
        registers(MAP_0F, PREFIX_66, 0xF5, to, a, b);
    }

    /** Adds numbers of 16 bits. */
    void vpaddw(int to, int a, int b) {
        registers(MAP_0F, PREFIX_66, 0xFD, to, a, b);
    }

    /** Adds numbers of 32 bits. */
    void vpaddd(int to, int a, int b) {
        registers(MAP_0F, PREFIX_66, 0xFE, to, a, b);
    }

    /** to = a · to + 256 bits of memory. */
    void vfmadd213ps(int to, int a, int base, int distance) {
        memory(MAP_0F38, PREFIX_66, 0xA8, to, a, base, distance);
    }

    /** sum −= a · b. */
    void vfnmadd231ps(int sum, int a, int b) {
        registers(MAP_0F38, PREFIX_66, 0xBC, sum, a, b);
    }

    @Override
    void registers(int map, int prefix, int opcode, int register, int second, int third) {
        vex(map, prefix, 1, register, second, third);
        put(opcode, 0xC0 | (register & 7) << 3 | third & 7);
    }

    @Override
    void memory(int map, int prefix, int opcode, int register, int second, int base, int index, int factor, int distance) {
        vex(map, prefix, 1, register, second, base, factor == 0 ? NONE : index);
        boolean near = distance == (byte) distance;
        int mode = (near ? 0x40 : 0x80) | (register & 7) << 3;
        if (factor == 0) {
            put(opcode, mode | base & 7);
        } else {
            put(opcode, mode | 4, Integer.numberOfTrailingZeros(factor) << 6 | (index & 7) << 3 | base & 7);
        }
        if (near) {
            put(distance);
        } else {
            putInt(distance);
        }
    }
}
