package org.intarsia.backend.cpu.code;

import java.util.Arrays;

/**
 * Writes the instructions of x86-64 that are used here, by the manual's names. General registers have their numbers: 0 rax, 1 rcx,
 * 2 rdx, 3 rbx, 4 rsp, 5 rbp, 6 rsi, 7 rdi, 8 to 15 r8 to r15. Addresses are a register other than rsp and r12 and a distance of 32
 * bits, or such a register and a multiple of another but rsp. {@link Avx2Assembler} and {@link Avx512Assembler} add the prefixes of
 * vectors of 256 and 512 bits, and the instructions that only one of them has here.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapters 2.3 (VEX) and 3 to 5.
 */
abstract class Assembler {
    static final int MAP_0F = 1;
    static final int MAP_0F38 = 2;
    static final int MAP_0F3A = 3;
    static final int NO_PREFIX = 0;
    static final int PREFIX_66 = 1;
    static final int PREFIX_F3 = 2;
    static final int PREFIX_F2 = 3;
    /** In place of a register of the second operand. */
    static final int NONE = 0;

    private byte[] code = new byte[1024];
    private int size;

    /** Returns a new one for vectors of these instructions. */
    static Assembler of(InstructionSet instructions) {
        return instructions == InstructionSet.AVX2 ? new Avx2Assembler() : new Avx512Assembler();
    }

    byte[] bytes() {
        return Arrays.copyOf(code, size);
    }

    /** The place of the next instruction, to jump to. */
    int here() {
        return size;
    }

    final void put(int... values) {
        for (int value : values) {
            if (size == code.length) {
                code = Arrays.copyOf(code, 2 * size);
            }
            code[size++] = (byte) value;
        }
    }

    final void putInt(int value) {
        put(value, value >> 8, value >> 16, value >> 24);
    }

    /** to = from, general registers of 64 bits. */
    void mov(int to, int from) {
        put(0x48 | (from >> 3) << 2 | to >> 3, 0x89, 0xC0 | (from & 7) << 3 | to & 7);
    }

    /**
     * to = the seventh argument of a function, or one behind it.
     *
     * @param distance the bytes that were pushed before, and 8 for each argument between, less than 120
     */
    void stackArgument(int to, int distance) {
        put(0x48 | (to >> 3) << 2, 0x8B, 0x44 | (to & 7) << 3, 0x24, 8 + distance);
    }

    /** to += value. */
    void add(int to, int value) {
        put(0x48 | to >> 3, 0x81, 0xC0 | to & 7);
        putInt(value);
    }

    /** to += from. */
    void addRegister(int to, int from) {
        put(0x48 | (from >> 3) << 2 | to >> 3, 0x01, 0xC0 | (from & 7) << 3 | to & 7);
    }

    /** Rounds down to a multiple of 64. */
    void clearLowSix(int register) {
        put(0x48 | register >> 3, 0x83, 0xE0 | register & 7, -64);
    }

    /** Subtracts 1, and jumps to a place further up unless that gives 0. */
    void loop(int register, int place) {
        put(0x48 | register >> 3, 0xFF, 0xC8 | register & 7);
        put(0x0F, 0x85);
        putInt(place - (size + 4));
    }

    /** to = from · 2^bits. */
    void shiftLeft(int to, int from, int bits) {
        mov(to, from);
        put(0x48 | to >> 3, 0xC1, 0xE0 | to & 7, bits);
    }

    /** to = from / 2^bits, without a sign. */
    void shiftRight(int to, int from, int bits) {
        mov(to, from);
        put(0x48 | to >> 3, 0xC1, 0xE8 | to & 7, bits);
    }

    /** to = the remainder of from and a power of two up to 128. */
    void remainder(int to, int from, int power) {
        mov(to, from);
        put(0x48 | to >> 3, 0x83, 0xE0 | to & 7, power - 1);
    }

    /** Jumps ahead if the last result was 0, to where {@link #land} is called with what this returns. */
    int skipIfZero() {
        put(0x0F, 0x84);
        putInt(0);
        return size;
    }

    /** The place that a jump ahead leads to. */
    void land(int jump) {
        int distance = size - jump;
        for (int i = 0; i < 4; i++) {
            code[jump - 4 + i] = (byte) (distance >> 8 * i);
        }
    }

    void push(int register) {
        if (register >= 8) {
            put(0x41);
        }
        put(0x50 | register & 7);
    }

    void pop(int register) {
        if (register >= 8) {
            put(0x41);
        }
        put(0x58 | register & 7);
    }

    /** Sets the lower 32 bits of a register, and clears the upper ones. */
    void movInt(int to, int value) {
        if (to >= 8) {
            put(0x41);
        }
        put(0xB8 | to & 7);
        putInt(value);
    }

    /** Clears the upper parts of vectors, as the calling convention wants it. */
    void vzeroupper() {
        put(0xC5, 0xF8, 0x77);
    }

    void ret() {
        put(0xC3);
    }

    void prefetch(int base, int distance) {
        if (base >= 8) {
            put(0x41);
        }
        put(0x0F, 0x18, 0x80 | 1 << 3 | base & 7);
        putInt(distance);
    }

    /** Fetches from base + factor · index + distance; a factor of 0 is for the base alone. */
    void prefetch(int base, int index, int factor, int distance) {
        if (factor == 0) {
            prefetch(base, distance);
            return;
        }
        put(0x40 | (index >> 3) << 1 | base >> 3, 0x0F, 0x18, 0x84 | 1 << 3,
                Integer.numberOfTrailingZeros(factor) << 6 | (index & 7) << 3 | base & 7);
        putInt(distance);
    }

    /** Fetches into the second-level cache. */
    void prefetchSecond(int base, int distance) {
        if (base >= 8) {
            put(0x41);
        }
        put(0x0F, 0x18, 0x80 | 2 << 3 | base & 7);
        putInt(distance);
    }

    /** to = the upper half of 256 bits; of the first sixteen registers. */
    void upperQuarter(int to, int from) {
        vex(MAP_0F3A, PREFIX_66, 1, from, NONE, to);
        put(0x19, 0xC0 | (from & 7) << 3 | to & 7, 1);
    }

    /**
     * In each half of 256 bits, the sums of two neighbours of a, then those of b; of the first
     * sixteen registers.
     */
    void vhaddps256(int to, int a, int b) {
        vex(MAP_0F, PREFIX_F2, 1, to, a, b);
        put(0x7C, 0xC0 | (to & 7) << 3 | b & 7);
    }

    /** to = a + b, of 128 bits of the first sixteen registers. */
    void vaddps128(int to, int a, int b) {
        vex(MAP_0F, NO_PREFIX, 0, to, a, b);
        put(0x58, 0xC0 | (to & 7) << 3 | b & 7);
    }

    /** Stores 128 bits of one of the first sixteen registers. */
    void storeVmovups128(int base, int from) {
        vex(MAP_0F, NO_PREFIX, 0, from, NONE, base);
        put(0x11, 0x80 | (from & 7) << 3 | base & 7);
        putInt(0);
    }

    // Instructions on whole vectors, which differ in their prefixes alone.

    /** Loads a vector. */
    void vmovups(int to, int base, int distance) {
        memory(MAP_0F, NO_PREFIX, 0x10, to, NONE, base, distance);
    }

    /** Loads a vector; the factor of the index is 0 for the base alone. */
    void vmovups(int to, int base, int index, int factor, int distance) {
        memory(MAP_0F, NO_PREFIX, 0x10, to, NONE, base, index, factor, distance);
    }

    /** Loads a number at base + factor · index into all lanes; a factor of 0 is for the base alone. */
    void vbroadcastss(int to, int base, int index, int factor) {
        memory(MAP_0F38, PREFIX_66, 0x18, to, NONE, base, index, factor, 0);
    }

    /** Sets all lanes to 0. */
    void clear(int vector) {
        // VPXOR, or VPXORD.
        registers(MAP_0F, PREFIX_66, 0xEF, vector, vector, vector);
    }

    /** Stores a vector. */
    void storeVmovups(int base, int distance, int from) {
        memory(MAP_0F, NO_PREFIX, 0x11, from, NONE, base, distance);
    }

    /** Loads 32 bits into all lanes. */
    void vpbroadcastd(int to, int base, int distance) {
        memory(MAP_0F38, PREFIX_66, 0x58, to, NONE, base, distance);
    }

    /** Loads numbers of 16 bits as F32. */
    void vcvtph2ps(int to, int base, int distance) {
        memory(MAP_0F38, PREFIX_66, 0x13, to, NONE, base, distance);
    }

    /** Loads numbers of 16 bits as F32; the factor of the index is 0 for the base alone. */
    void vcvtph2ps(int to, int base, int index, int factor, int distance) {
        memory(MAP_0F38, PREFIX_66, 0x13, to, NONE, base, index, factor, distance);
    }

    /** Loads numbers of 16 bits as I32, without a sign; the factor of the index is 0 for the base alone. */
    void vpmovzxwd(int to, int base, int index, int factor, int distance) {
        memory(MAP_0F38, PREFIX_66, 0x33, to, NONE, base, index, factor, distance);
    }

    /** Shifts numbers of 32 bits to the left. */
    void vpslld(int to, int from, int bits) {
        registers(MAP_0F, PREFIX_66, 0x72, 6, to, from);
        put(bits);
    }

    /** Loads unsigned bytes as I32. */
    void vpmovzxbd(int to, int base, int distance) {
        memory(MAP_0F38, PREFIX_66, 0x31, to, NONE, base, distance);
    }

    /** Loads signed bytes as I32. */
    void vpmovsxbd(int to, int base, int distance) {
        memory(MAP_0F38, PREFIX_66, 0x21, to, NONE, base, distance);
    }

    /** I32 to F32. */
    void vcvtdq2ps(int to, int from) {
        registers(MAP_0F, NO_PREFIX, 0x5B, to, NONE, from);
    }

    /** to = a + a vector in memory. */
    void vaddps(int to, int a, int base, int distance) {
        memory(MAP_0F, NO_PREFIX, 0x58, to, a, base, distance);
    }

    void vmulps(int to, int a, int b) {
        registers(MAP_0F, NO_PREFIX, 0x59, to, a, b);
    }

    /** sum += a · b. */
    void vfmadd231ps(int sum, int a, int b) {
        registers(MAP_0F38, PREFIX_66, 0xB8, sum, a, b);
    }

    /** Shifts numbers of 16 bits to the right. */
    void vpsrlw(int to, int from, int bits) {
        registers(MAP_0F, PREFIX_66, 0x71, 2, to, from);
        put(bits);
    }

    /** Shifts numbers of 16 bits to the left. */
    void vpsllw(int to, int from, int bits) {
        registers(MAP_0F, PREFIX_66, 0x71, 6, to, from);
        put(bits);
    }

    /** Writes an instruction on vectors, all of whose operands are registers. */
    abstract void registers(int map, int prefix, int opcode, int register, int second, int third);

    /** Writes an instruction on vectors, whose third operand is in memory. */
    final void memory(int map, int prefix, int opcode, int register, int second, int base, int distance) {
        memory(map, prefix, opcode, register, second, base, NONE, 0, distance);
    }

    /** The same with the third operand at base + factor · index + distance; a factor of 0 is for the base alone. */
    abstract void memory(int map, int prefix, int opcode, int register, int second, int base, int index, int factor, int distance);

    /** The prefix of three bytes, where nothing has an index. */
    final void vex(int map, int prefix, int length, int register, int second, int third) {
        vex(map, prefix, length, register, second, third, NONE);
    }

    /**
     * The prefix of three bytes, in which the upper bits of registers are inverted.
     *
     * @param length 0 for 128 bits, 1 for 256
     * @param third  the third operand, or the base of its address
     * @param index  of its address
     */
    final void vex(int map, int prefix, int length, int register, int second, int third, int index) {
        put(0xC4, (~register >> 3 & 1) << 7 | (~index >> 3 & 1) << 6 | (~third >> 3 & 1) << 5 | map,
                (~second & 15) << 3 | length << 2 | prefix);
    }
}
