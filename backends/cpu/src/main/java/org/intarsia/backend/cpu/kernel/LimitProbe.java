package org.intarsia.backend.cpu.kernel;

import java.lang.foreign.Arena;
import java.time.Duration;
import org.intarsia.backend.api.HostMemory;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.cpu.host.CpuBuffer;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;

/**
 * Measures what the processor and its memory can do. Every figure is that of the fastest of many short rounds: machines
 * are shared, and the first rounds run before the just-in-time compiler is done.
 */
public final class LimitProbe {
    private static final Duration EACH = Duration.ofMillis(500);
    /** So that compiled code is measured also where the compiler has to wait for a processor. */
    private static final int LEAST = 20;
    /** Rounds of about two milliseconds where vectors are wide. */
    private static final int KERNELS_A_ROUND = 250;
    private static final long GRAIN = 1 << 20;
    /** No cache holds this much; on a small machine a sixteenth of its memory has to do. */
    private static final long BLOCK = Math.min(256L << 20, HostMemory.bytes() >> 4);

    private LimitProbe() {
    }

    /** Measures float operations and bytes copied a second, of all threads of the team together. */
    public static Limits measure(PeakKernel peak, ThreadTeam team) {
        return new Limits(floatOperations(peak, team), bytes(team));
    }

    /** Float operations a second of all threads of the team together. */
    public static double floatOperations(PeakKernel peak, ThreadTeam team) {
        long operations = peak.operations() * KERNELS_A_ROUND * team.size();
        return fastest(team, operations, () -> team.run(team.size(), (index, worker) -> {
            for (int i = 0; i < KERNELS_A_ROUND; i++) {
                worker.tile()[0] += peak.run();
            }
        }));
    }

    private static double bytes(ThreadTeam team) {
        try (Arena arena = Arena.ofShared()) {
            // Allocating writes the zeros, so every page is there before the first round.
            long source = CpuBuffer.allocate(arena, BLOCK).address();
            long target = CpuBuffer.allocate(arena, BLOCK).address();
            return fastest(team, 2 * BLOCK, () -> team.split(BLOCK, GRAIN,
                    (first, last, worker) -> Memory.copy(source + first, target + first, last - first)));
        }
    }

    private static double fastest(ThreadTeam team, long amount, Runnable round) {
        double fastest = 0;
        team.enter();
        try {
            long begin = System.nanoTime();
            long start = begin;
            for (int rounds = 0; rounds < LEAST || start - begin < EACH.toNanos(); rounds++) {
                round.run();
                long end = System.nanoTime();
                fastest = Math.max(fastest, 1e9 * amount / (end - start));
                start = end;
            }
        } finally {
            team.leave();
        }
        return fastest;
    }
}
