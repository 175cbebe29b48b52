package org.intarsia.backend.gpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;

/** Finds out whether a driver's subgroups join as they should, by sums and maxima that are known before. */
public final class SubgroupCheck {
    private static final int GROUPS = 3;

    private SubgroupCheck() {
    }

    /**
     * Compiles one small kernel and runs it once.
     *
     * @return what went wrong, as a clause; empty when all came out right
     * @throws DeviceLostException when the device was lost meanwhile
     */
    public static String fault(Driver driver) {
        float[] expected = expected();
        float[] got = new float[expected.length];
        try {
            run(driver, got);
        } catch (DeviceLostException e) {
            throw e;
        } catch (BackendException e) {
            return e.getMessage();
        }
        return Arrays.equals(got, expected) ? ""
                : "sums and maxima of groups are " + Arrays.toString(got) + " and should be " + Arrays.toString(expected);
    }

    private static void run(Driver driver, float[] results) {
        KernelSource source = KernelSource.of("subgroups");
        Driver.Kernel kernel = driver.compile(source.name(), source.text(driver), source.group(),
                source.arrays());
        try (Driver.Memory memory = driver.allocate((long) results.length * Float.BYTES);
                Driver.Program program = driver.record(List.of(new Driver.Dispatch(kernel,
                        List.of(new Driver.Binding(memory, 0, memory.bytes())), source.written(), 0)), 3)) {
            program.run(new int[] {GROUPS, 1, 1});
            memory.read(0, MemorySegment.ofArray(results));
        }
    }

    /** As the kernel's file says. */
    private static float[] expected() {
        int threads = KernelSource.of("subgroups").group();
        float[] expected = new float[3 * GROUPS];
        for (int group = 0; group < GROUPS; group++) {
            expected[3 * group] = threads * (threads + 1) / 2 + threads * group;
            expected[3 * group + 1] = threads + group;
            expected[3 * group + 2] = Float.NaN;
        }
        return expected;
    }
}
