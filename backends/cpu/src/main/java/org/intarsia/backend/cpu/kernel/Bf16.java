package org.intarsia.backend.cpu.kernel;

/** The upper half of a binary32. */
public final class Bf16 {
    private Bf16() {
    }

    /** To nearest, ties to even. */
    public static short encode(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // The quiet bit keeps a NaN whose upper half is all zeros from becoming infinite.
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /** Returns the number, exactly. */
    public static float decode(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
