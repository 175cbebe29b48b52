package org.intarsia.backend.gpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.gpu.Driver;
import org.intarsia.backend.gpu.KernelSource;

/** Measures what a device and its memory can do: the fastest of several rounds, each long enough to hide its start. */
final class LimitProbe {
    private static final int ROUNDS = 5;
    private static final long LONG_ENOUGH_NANOS = 20_000_000;
    private static final long BLOCK = 256L << 20;
    private static final int GROUPS = 1024;
    private static final int NUMBERS = 8 * 4;

    private LimitProbe() {
    }

    static Limits measure(GpuDevice device) {
        return new Limits(floatOperations(device), bytes(device));
    }

    private static double floatOperations(GpuDevice device) {
        KernelSource source = KernelSource.of("peak");
        Driver.Memory result = device.memory(4L * GROUPS * source.group());
        try (Driver.Program program = program(device, source, List.of(result))) {
            int steps = 64;
            while (nanos(program, steps) < LONG_ENOUGH_NANOS && steps < 1 << 20) {
                steps *= 2;
            }
            return 2.0 * NUMBERS * steps * GROUPS * source.group() / fastest(program, steps) * 1e9;
        } finally {
            device.free(result);
        }
    }

    private static double bytes(GpuDevice device) {
        KernelSource source = KernelSource.of("stream");
        long block = Math.min(Math.min(BLOCK, device.driver().largestBinding()), device.info().memoryBytes() >> 4);
        int pairs = (int) (block / 8);
        List<Driver.Memory> memories = new ArrayList<>();
        try {
            memories.add(device.memory(8L * pairs));
            memories.add(device.memory(8L * pairs));
            try (Driver.Program program = program(device, source, memories)) {
                return 16.0 * pairs / fastest(program, pairs) * 1e9;
            }
        } finally {
            memories.forEach(device::free);
        }
    }

    private static Driver.Program program(GpuDevice device, KernelSource source, List<Driver.Memory> arrays) {
        List<Driver.Binding> bindings = arrays.stream()
                .map(memory -> new Driver.Binding(memory, 0, memory.bytes())).toList();
        return device.driver().record(
                List.of(new Driver.Dispatch(device.kernel(source), bindings, source.written(), 0)), 4);
    }

    private static double fastest(Driver.Program program, int number) {
        long fastest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            fastest = Math.min(fastest, nanos(program, number));
        }
        return fastest;
    }

    private static long nanos(Driver.Program program, int number) {
        long start = System.nanoTime();
        program.run(new int[] {GROUPS, 1, 1, number});
        return Math.max(1, System.nanoTime() - start);
    }
}
