package org.intarsia.graph;

/**
 * How the elements of a tensor are laid out in memory, always little-endian.
 *
 * <p>{@link #F32} and {@link #I32} are the encodings that ops compute in. The others are storage: {@code matMul} and
 * {@code gather} take them in place, every other op sees them through {@code cast}.
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
    I64(8, true);

    private final int elementBytes;
    private final boolean integer;

    Encoding(int elementBytes, boolean integer) {
        this.elementBytes = elementBytes;
        this.integer = integer;
    }

    /** Bytes that {@code elements} consecutive elements take. */
    public long bytes(long elements) {
        return Math.multiplyExact(elements, elementBytes);
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
