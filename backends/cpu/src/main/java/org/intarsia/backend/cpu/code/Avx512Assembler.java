package org.intarsia.backend.cpu.code;

/**
 * Writes instructions of AVX-512, on registers of 512 bits where nothing else is said.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapters 2.7 (EVEX) and 3 to 5.
 */
final class Avx512Assembler extends Assembler {
    /** Beside a prefix: operands of 64 bits. */
    private static final int WIDE = 0x80;

    /** Loads 512 bits. */
    void vmovdqu32(int to, int base, int distance) {
        memory(MAP_0F, PREFIX_F3, 0x6F, to, NONE, base, distance);
    }

    /** Loads 512 bits from base + factor · index; a factor of 0 is for the base alone. */
    void vmovdqu32(int to, int base, int index, int factor) {
        memory(MAP_0F, PREFIX_F3, 0x6F, to, NONE, base, index, factor, 0);
    }

    /** sum += Σ of two products of numbers in BF16. */
    void vdpbf16ps(int sum, int a, int b) {
        registers(MAP_0F38, PREFIX_F3, 0x52, sum, a, b);
    }

    /** to = the upper half of 512 bits. */
    void upperHalf(int to, int from) {
        // VEXTRACTF64X4.
        evex(MAP_0F3A, PREFIX_66 | WIDE, false, 2, from, NONE, to >> 3 & 1, to >> 4);
        put(0x1B, 0xC0 | (from & 7) << 3 | to & 7, 1);
    }

    /** to = a + b, of 256 bits. */
    void vaddps256(int to, int a, int b) {
        evex(MAP_0F, NO_PREFIX, false, 1, to, a, b >> 3 & 1, b >> 4);
        put(0x58, 0xC0 | (to & 7) << 3 | b & 7);
    }

    /** sum += Σ of four products of unsigned bytes of a with signed bytes in memory, the same four for all lanes. */
    void vpdpbusdBroadcast(int sum, int a, int base, int distance) {
        broadcast(MAP_0F38, PREFIX_66, 0x50, sum, a, base, distance);
    }

    /** Loads 32 bits at base + factor · index into all lanes; a factor of 0 is for the base alone. */
    void vpbroadcastd(int to, int base, int index, int factor) {
        memory(MAP_0F38, PREFIX_66, 0x58, to, NONE, base, index, factor, 0);
    }

    /** Copies the lower 32 bits of a general register into all lanes. */
    void vpbroadcastdRegister(int to, int from) {
        registers(MAP_0F38, PREFIX_66, 0x7C, to, NONE, from);
    }

    /** to = a · a number in memory. */
    void vmulpsBroadcast(int to, int a, int base, int distance) {
        broadcast(MAP_0F, NO_PREFIX, 0x59, to, a, base, distance);
    }

    /** sum −= a · a number in memory. */
    void vfnmadd231psBroadcast(int sum, int a, int base, int distance) {
        broadcast(MAP_0F38, PREFIX_66, 0xBC, sum, a, base, distance);
    }

    void vpandd(int to, int a, int b) {
        registers(MAP_0F, PREFIX_66, 0xDB, to, a, b);
    }

    /** to |= a &amp; b. */
    void orAnd(int to, int a, int b) {
        // VPTERNLOGD: 0xF8 is the table of A | B & C.
        evex(MAP_0F3A, PREFIX_66, false, 2, to, a, b >> 3 & 1, b >> 4);
        put(0x25, 0xC0 | (to & 7) << 3 | b & 7, 0xF8);
    }

    @Override
    void registers(int map, int prefix, int opcode, int register, int second, int third) {
        evex(map, prefix, false, 2, register, second, third >> 3 & 1, third >> 4);
        put(opcode, 0xC0 | (register & 7) << 3 | third & 7);
    }

    @Override
    void memory(int map, int prefix, int opcode, int register, int second, int base, int index, int factor, int distance) {
        evex(map, prefix, false, 2, register, second, base >> 3, factor == 0 ? 0 : index >> 3);
        if (factor == 0) {
            put(opcode, 0x80 | (register & 7) << 3 | base & 7);
        } else {
            put(opcode, 0x84 | (register & 7) << 3, Integer.numberOfTrailingZeros(factor) << 6 | (index & 7) << 3 | base & 7);
        }
        putInt(distance);
    }

    /** Writes an instruction whose third operand is a number of 32 bits in memory, which all lanes get. */
    private void broadcast(int map, int prefix, int opcode, int register, int second, int base, int distance) {
        evex(map, prefix, true, 2, register, second, base >> 3, 0);
        put(opcode, 0x80 | (register & 7) << 3 | base & 7);
        putInt(distance);
    }

    /**
     * The prefix of four bytes, in which the upper bits of registers are inverted.
     *
     * @param length 1 for 256 bits, 2 for 512
     */
    private void evex(int map, int prefix, boolean broadcast, int length, int register, int second, int b, int x) {
        put(0x62,
                (~register >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | (~register >> 4 & 1) << 4 | map,
                (~second & 15) << 3 | 4 | prefix,
                length << 5 | (broadcast ? 1 : 0) << 4 | (~second >> 4 & 1) << 3);
    }
}
