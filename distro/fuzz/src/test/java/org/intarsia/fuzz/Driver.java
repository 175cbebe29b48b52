package org.intarsia.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What Jazzer calls: an input's first byte says which target it is for. */
public final class Driver {
    private static final List<Target> TARGETS = targets(System.getProperty("fuzz.targets", ""));
    private static final Map<Target, long[]> COUNTS = new EnumMap<>(Target.class);
    private static final int RESULT = 0;
    private static final int EXCEPTION = 1;
    private static final int NANOS = 2;

    private Driver() {
    }

    static List<Target> targets(String names) {
        return names.isBlank() ? List.of(Target.values()) : Arrays.stream(names.split(",")).map(Target::valueOf).toList();
    }

    /** Called once for each input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        Target target = TARGETS.get(Byte.toUnsignedInt(data[0]) % TARGETS.size());
        long[] counts = COUNTS.computeIfAbsent(target, fresh -> new long[3]);
        long begun = System.nanoTime();
        try {
            target.run(ByteBuffer.wrap(data, 1, data.length - 1));
            counts[RESULT]++;
        } catch (RuntimeException e) {
            if (!Target.isExpected(e)) {
                throw e;
            }
            counts[EXCEPTION]++;
        }
        counts[NANOS] += System.nanoTime() - begun;
    }

    /** Called at the end. */
    public static void fuzzerTearDown() {
        COUNTS.forEach((target, counts) -> System.err.printf("fuzzed %s: %d inputs, %d of them refused, %d s%n", target,
                counts[RESULT] + counts[EXCEPTION], counts[EXCEPTION], counts[NANOS] / 1_000_000_000));
    }
}
