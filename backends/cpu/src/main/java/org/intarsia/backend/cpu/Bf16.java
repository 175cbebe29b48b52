package org.intarsia.backend.cpu;

/** The upper half of a binary32. */
final class Bf16 {
    private Bf16() {
    }

    /** To nearest, ties to even. */
    static short encode(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // The quiet bit keeps a NaN whose upper half is all zeros from becoming infinite.
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    static float decode(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
