package org.intarsia.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Random;
import org.intarsia.backend.cpu.host.Memory;

/** Floats in native memory between sentinels, so that a test notices what is written beside them. */
public final class Native {
    private static final int GUARD = 32;
    private static final float SENTINEL = -12345.678f;
    private static final Arena ARENA = Arena.ofAuto();

    private final int count;
    private final long address;

    private Native(int count) {
        this.count = count;
        this.address = ARENA.allocate(4L * (count + 2 * GUARD), 64).address() + 4 * GUARD;
        for (int i = -GUARD; i < count + GUARD; i++) {
            Memory.putFloat(address + 4L * i, SENTINEL);
        }
    }

    static Native of(float... values) {
        Native made = new Native(values.length);
        for (int i = 0; i < values.length; i++) {
            Memory.putFloat(made.address(i), values[i]);
        }
        return made;
    }

    /** Nothing but sentinels, to be overwritten. */
    public static Native empty(int count) {
        return new Native(count);
    }

    public static Native random(int count, long seed) {
        return of(gaussian(count, seed));
    }

    /** Numbers rounded to BF16. */
    public static float[] rounded(float[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = Float.intBitsToFloat(Bf16.encode(values[i]) << 16);
        }
        return rounded;
    }

    /** Values of a normal distribution, on the heap. */
    public static float[] gaussian(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    public long address() {
        return address;
    }

    public long address(long index) {
        return address + 4 * index;
    }

    public float at(long index) {
        return Memory.getFloat(address(index));
    }

    public float[] values() {
        assertIntact();
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = at(i);
        }
        return values;
    }

    void assertIntact() {
        for (int i = 1; i <= GUARD; i++) {
            assertThat(at(-i)).as("sentinel before").isEqualTo(SENTINEL);
            assertThat(at(count - 1 + i)).as("sentinel behind").isEqualTo(SENTINEL);
        }
    }
}
