package org.intarsia.backend.cpu.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * All native memory as one segment, addressed by absolute byte addresses.
 *
 * <p>Kernels take addresses instead of segments: one constant segment keeps every vector load monomorphic and lets the
 * compiler drop liveness and bounds checks from inner loops. In exchange a kernel trusts its caller: a plan checks the
 * bounds and the lifetime of all memory before it hands out an address.
 */
public final class Memory {
    /** The order of bytes in all tensors. */
    public static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
    /** Numbers of 32 bits, aligned or not. */
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);
    /** Numbers of 16 bits, aligned or not. */
    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

    /** Leaves every address as it is; masked with it, the compiler knows that one is not negative. */
    public static final long ADDRESS = (1L << 60) - 1;
    /** The address space. */
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {
    }

    /** Reads 32 bits as a float. */
    public static float getFloat(long address) {
        return ALL.get(FLOAT, address);
    }

    /** Writes a float. */
    public static void putFloat(long address, float value) {
        ALL.set(FLOAT, address, value);
    }

    /** Reads 32 bits. */
    public static int getInt(long address) {
        return ALL.get(INT, address);
    }

    /** Writes 32 bits. */
    public static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    /** Reads 64 bits. */
    public static long getLong(long address) {
        return ALL.get(LONG, address);
    }

    /** Reads a byte. */
    public static byte getByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    /** Writes a byte. */
    public static void putByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    /** Reads 16 bits. */
    public static short getShort(long address) {
        return ALL.get(SHORT, address);
    }

    /** Writes 64 bits. */
    public static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /** Writes 16 bits. */
    public static void putShort(long address, short value) {
        ALL.set(SHORT, address, value);
    }

    /** Copies bytes from one address to another. */
    public static void copy(long source, long target, long bytes) {
        MemorySegment.copy(ALL, source, ALL, target, bytes);
    }

    /** Writes all values from {@code target} on. */
    public static void copy(float[] values, long target) {
        MemorySegment.copy(values, 0, ALL, FLOAT, target, values.length);
    }

    /** Writes zeros. */
    public static void clear(long address, long bytes) {
        ALL.asSlice(address, bytes).fill((byte) 0);
    }
}
