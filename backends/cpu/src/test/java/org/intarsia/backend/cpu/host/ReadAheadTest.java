package org.intarsia.backend.cpu.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Weights are touched a window ahead of the steps, and results are those of weights that lie in memory. */
@Timeout(60)
class ReadAheadTest {
    private static final long MIB = 1 << 20;
    private static final String SHARE = "intarsia.cpu.readahead";
    private static final String THREAD = "intarsia-cpu-read-ahead";

    @TempDir
    Path folder;

    @AfterEach
    void reset() {
        System.clearProperty(SHARE);
    }

    private MemorySegment mapped(long bytes, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve("weights"), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        }
    }

    private static void awaitTouched(ReadAhead ahead, long bytes) throws InterruptedException {
        while (ahead.touched() < bytes) {
            Thread.sleep(1);
        }
    }

    @Test
    void itStaysAWindowAheadAndGoesOnWithTheFirstWeights() throws Exception {
        long total = 4 * ReadAhead.WINDOW;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment file = mapped(total, arena);
            List<MemorySegment> segments = List.of(file.asSlice(0, 3 * MIB + 17), file.asSlice(3 * MIB + 17));
            try (ReadAhead ahead = new ReadAhead(segments)) {
                awaitTouched(ahead, ReadAhead.WINDOW);
                ahead.begin();
                ahead.reach(10 * MIB);
                awaitTouched(ahead, ReadAhead.WINDOW + 10 * MIB);
                // No page beyond the piece that lies over the window's end.
                assertThat(ahead.touched()).isLessThanOrEqualTo(ReadAhead.WINDOW + 11 * MIB);
                ahead.reach(total - MIB);
                ahead.end();
                awaitTouched(ahead, total + ReadAhead.WINDOW);
                ahead.begin();
                ahead.reach(20 * MIB);
                awaitTouched(ahead, total + ReadAhead.WINDOW + 20 * MIB);
            }
        }
    }

    @Test
    void aRunThatWasBrokenOffIsPassedOver() throws Exception {
        long total = 2 * ReadAhead.WINDOW;
        try (Arena arena = Arena.ofShared(); ReadAhead ahead = new ReadAhead(List.of(mapped(total, arena)))) {
            ahead.begin();
            ahead.reach(MIB);
            ahead.begin();
            ahead.reach(2 * MIB);
            awaitTouched(ahead, total + 2 * MIB + ReadAhead.WINDOW);
        }
    }

    @Test
    void weightsThatWereClosedEndIt() throws Exception {
        Arena arena = Arena.ofShared();
        ReadAhead ahead = new ReadAhead(List.of(mapped(2 * ReadAhead.WINDOW, arena)));
        awaitTouched(ahead, ReadAhead.WINDOW);
        arena.close();
        ahead.begin();
        ahead.reach(MIB);
        ahead.close();
        assertThat(ahead.touched()).isGreaterThanOrEqualTo(ReadAhead.WINDOW);
    }

    @Test
    void aPlanReadsAheadOnlyWhatIsTooLargeAndGivesTheSameBits() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment weights = mapped(4 * MIB, arena);
            for (long i = 0; i < MIB; i++) {
                weights.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i * 37 % 101 - 50) / 64f);
            }
            float[] usual = product(weights, false);
            System.setProperty(SHARE, "0");
            assertThat(product(weights, true)).containsExactly(usual);
            System.setProperty(SHARE, "0.99");
            assertThat(product(weights, false)).containsExactly(usual);
        }
    }

    /** A product with two matrices out of the file, run twice. */
    private static float[] product(MemorySegment weights, boolean ahead) {
        TensorType square = new TensorType(Shape.of(512, 512), Encoding.F32);
        GraphBuilder graph = new GraphBuilder();
        Node x = graph.input("x", TensorType.f32(1, 512));
        for (String name : List.of("a", "b")) {
            x = graph.linear(x, graph.parameter(name, square));
        }
        try (Device device = new CpuBackend().open();
                Buffer a = device.constant(square, weights.asSlice(0, MIB));
                Buffer b = device.constant(square, weights.asSlice(MIB, MIB));
                Plan plan = device.compile(graph.build(Map.of("y", x)), Map.of("a", a, "b", b), 0)) {
            float[] input = new float[512];
            input[3] = 1;
            plan.input("x").write(input);
            plan.run();
            plan.run();
            assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(THREAD::equals).count())
                    .isEqualTo(ahead ? 1 : 0);
            return plan.output("y").floats(512);
        } finally {
            assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName)).doesNotContain(THREAD);
        }
    }
}
