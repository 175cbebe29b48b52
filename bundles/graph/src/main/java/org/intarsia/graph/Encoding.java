package org.intarsia.graph;

/**
 * How the elements of a tensor are laid out in memory, always little-endian.
 *
 * <p>{@link #F32} and {@link #I32} are the encodings that ops compute in. The others are storage: {@code matMul} and
 * {@code gather} take them in place, every other op sees them through {@code cast}.
 *
 * <p>Those with a Q are block-quantised, as GGUF files have them (ggml-org/llama.cpp, {@code ggml-common.h}): so many
 * elements of a row share a scale and lie together in one block of bytes. They hold weights only: nothing is computed
 * into them.
 */
public enum Encoding {
    /** IEEE 754 binary32. */
    F32(4, false),
    /** IEEE 754 binary16. */
    F16(2, false),
    /** The upper half of a binary32: 8 exponent bits, 7 fraction bits. */
    BF16(2, false),
    /** Two's complement, 32 bits; also the truth values 0 and 1. */
    I32(4, true),
    /** Two's complement, 64 bits: storage only. */
    I64(8, true),
    /** Unsigned, 8 bits: the bytes of pictures in files; nothing is computed of them or into them. */
    U8(1, true),
    /** 4-bit values with a scale; 4.5 bits an element. */
    Q4_0(32, 18),
    /** 4-bit values with a scale and a minimum; 5 bits. */
    Q4_1(32, 20),
    /** 5-bit values with a scale; 5.5 bits. */
    Q5_0(32, 22),
    /** 5-bit values with a scale and a minimum; 6 bits. */
    Q5_1(32, 24),
    /** 8-bit values with a scale; 8.5 bits. */
    Q8_0(32, 34),
    /** 2-bit values, scales and minima of 16 elements each; 2.625 bits. */
    Q2_K(256, 84),
    /** 3-bit values, scales of 16 elements each; 3.4375 bits. */
    Q3_K(256, 110),
    /** 4-bit values, scales and minima of 32 elements each; 4.5 bits. */
    Q4_K(256, 144),
    /** 5-bit values, scales and minima of 32 elements each; 5.5 bits. */
    Q5_K(256, 176),
    /** 6-bit values, scales of 16 elements each; 6.5625 bits. */
    Q6_K(256, 210);

    private final int blockElements;
    private final int blockBytes;
    private final boolean integer;

    Encoding(int elementBytes, boolean integer) {
        this.blockElements = 1;
        this.blockBytes = elementBytes;
        this.integer = integer;
    }

    Encoding(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.integer = false;
    }

    /** Bytes that {@code elements} consecutive elements take; whole blocks only. */
    public long bytes(long elements) {
        if (elements % blockElements != 0) {
            throw new GraphException("encoding: " + this + " stores " + blockElements + " elements at a time, so "
                    + elements + " cannot be stored in it");
        }
        return Math.multiplyExact(elements / blockElements, blockBytes);
    }

    /** How many consecutive elements of a row are stored together: 1 where each stands for itself. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of one block, or of one element where each stands for itself. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether elements share scales, so that none can be read or written alone. */
    public boolean isBlockQuantised() {
        return blockElements > 1;
    }

    /**
     * The bits of one element with this value, in the low bytes: rounded to the nearest, ties to even; truncated for
     * integers.
     */
    public long bits(double value) {
        return switch (this) {
            case F32 -> Float.floatToRawIntBits((float) value) & 0xFFFFFFFFL;
            case F16 -> Float.floatToFloat16((float) value) & 0xFFFFL;
            case BF16 -> bf16(Float.floatToRawIntBits((float) value)) & 0xFFFFL;
            case I32 -> (int) value & 0xFFFFFFFFL;
            case I64 -> (long) value;
            case U8 -> (long) value & 0xFF;
            default -> throw new GraphException("encoding: one element of " + this + " cannot stand alone");
        };
    }

    private static int bf16(int bits) {
        boolean number = (bits & 0x7FFFFFFF) <= 0x7F800000;
        // The quiet bit keeps a NaN whose upper half is all zeros from becoming infinite.
        return number ? bits + 0x7FFF + (bits >>> 16 & 1) >>> 16 : bits >>> 16 | 0x40;
    }

    public boolean isInteger() {
        return integer;
    }

    /** The encoding that ops compute in when they read this one: {@link #I32} for integers, else {@link #F32}. */
    public Encoding computed() {
        return integer ? I32 : F32;
    }
}
