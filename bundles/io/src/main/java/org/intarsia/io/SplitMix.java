package org.intarsia.io;

/**
 * Random numbers by SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), written out so that a
 * seed means the same numbers on every release of the JDK. For one thread at a time.
 */
public final class SplitMix {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /** @param seed any number */
    public SplitMix(long seed) {
        this.state = seed;
    }

    /** Begins the numbers of several seeds in their order: another order gives others. */
    public static SplitMix of(long... seeds) {
        long state = 0;
        for (long seed : seeds) {
            state = mix(state + GOLDEN_GAMMA + mix(seed + GOLDEN_GAMMA));
        }
        return new SplitMix(state);
    }

    /** Returns the next 64 random bits. */
    public long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Returns the next number in [0, 1), a multiple of 2⁻⁵³. */
    public double nextDouble() {
        return (next() >>> 11) * 0x1p-53;
    }

    /**
     * Returns one of the numbers of a seed, as {@link #next} gives them.
     *
     * @param index 1 for the first
     */
    public static long at(long seed, long index) {
        return mix(seed + index * GOLDEN_GAMMA);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
