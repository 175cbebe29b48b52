package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver.Binding;
import org.intarsia.backend.gpu.Driver.Dispatch;
import org.intarsia.backend.gpu.Driver.Kernel;
import org.intarsia.backend.gpu.Driver.Memory;
import org.intarsia.backend.gpu.Driver.Program;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.backend.gpu.SubgroupCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver with a kernel of a few lines. */
class OpenClDriverTest {
    private static final int GROUP = 32;
    /** Parameters: three numbers of groups, how many elements, the factor. */
    private static final String SCALE = """
            kernel __attribute__((reqd_work_group_size(32, 1, 1)))
            void run(global const float* x, global float* y, global const int* parameters, int start) {
                int i = get_global_id(0);
                if (i < parameters[start + 3]) {
                    y[i] = x[i] * parameters[start + 4];
                }
            }
            """;

    @TempDir
    Path cache;
    private OpenClBackend backend;
    private OpenClDriver driver;

    @BeforeEach
    void open() {
        // Else the kernel that checks subgroups is in the cache, too.
        backend = Backends.present(Map.of("cache", cache, "subgroups", false));
        driver = Backends.driver(backend);
    }

    @AfterEach
    void close() {
        if (driver != null) {
            driver.close();
        }
        if (backend != null) {
            backend.deactivate();
        }
    }

    private static Binding all(Memory memory) {
        return new Binding(memory, 0, memory.bytes());
    }

    private static float[] floats(Memory memory, int count) {
        float[] values = new float[count];
        memory.read(0, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void dispatchesSeeWhatThoseBeforeThemWrote() {
        Kernel scale = driver.compile("scale", SCALE, GROUP, 2);
        Memory x = driver.allocate(400);
        Memory y = driver.allocate(400);
        float[] values = new float[100];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        x.write(0, MemorySegment.ofArray(values));
        Program program = driver.record(List.of(new Dispatch(scale, List.of(all(x), all(y)), Set.of(1), 0),
                new Dispatch(scale, List.of(all(y), all(x)), Set.of(1), 5)), 10);

        program.run(new int[] {4, 1, 1, 100, 2, 4, 1, 1, 100, 3});
        assertThat(floats(y, 100)[99]).isEqualTo(198);
        assertThat(floats(x, 100)[99]).isEqualTo(594);

        // Other sizes, and one dispatch that has nothing to do.
        program.run(new int[] {1, 1, 1, 2, 5, 0, 1, 1, 0, 3});
        assertThat(floats(y, 3)).containsExactly(0, 30, 4);
        assertThat(floats(x, 100)[99]).isEqualTo(594);
    }

    @Test
    void bindingsAreParts() {
        long part = driver.alignment();
        int count = (int) (part / Float.BYTES);
        Memory memory = driver.allocate(3 * part);
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        memory.write(part, MemorySegment.ofArray(ones));
        Kernel scale = driver.compile("scale", SCALE, GROUP, 2);
        int groups = Math.ceilDiv(count, GROUP);
        try (Program program = driver.record(List.of(new Dispatch(scale,
                List.of(new Binding(memory, part, part), new Binding(memory, 2 * part, part)), Set.of(1), 0)), 5)) {
            program.run(new int[] {groups, 1, 1, count, 7});
        }
        float[] all = floats(memory, 3 * count);
        assertThat(all[0]).isZero();
        assertThat(all[count]).isEqualTo(1);
        assertThat(all[2 * count]).isEqualTo(7);
        assertThat(all[3 * count - 1]).isEqualTo(7);
    }

    @Test
    void memoryBeginsWithZerosAndTakesBytesFromHeapAndHost() {
        int size = (1 << 23) + 13;
        Memory memory = driver.allocate(size);
        byte[] content = new byte[size];
        memory.read(0, MemorySegment.ofArray(content));
        assertThat(content).isEqualTo(new byte[size]);

        new Random(1).nextBytes(content);
        memory.write(0, MemorySegment.ofArray(content));
        byte[] back = new byte[size - 3];
        memory.read(3, MemorySegment.ofArray(back));
        assertThat(MemorySegment.ofArray(back).mismatch(MemorySegment.ofArray(content).asSlice(3))).isEqualTo(-1);

        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(5);
            host.set(ValueLayout.JAVA_BYTE, 4, (byte) 42);
            memory.write(size - 5, host);
            MemorySegment read = arena.allocate(2);
            memory.read(size - 2, read);
            assertThat(read.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 42);
        }
        assertThatThrownBy(() -> memory.write(size - 1, MemorySegment.ofArray(new byte[2])))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aKernelThatDoesNotCompileGivesTheLog() {
        assertThatThrownBy(() -> driver.compile("broken", "kernel void run(global float* x) { x[0] = sesame; }", 1, 1))
                .isInstanceOf(BackendException.class)
                .hasMessageStartingWith("opencl: kernel broken does not compile on " + driver.info().name() + "; ")
                .hasMessageContaining("sesame");
    }

    @Test
    void tooMuchMemoryIsRefusedWithBothFigures() {
        long memory = driver.info().memoryBytes();
        assertThatThrownBy(() -> driver.allocate(4 * memory)).isInstanceOf(BackendException.class)
                .hasMessageMatching("opencl: \\S+ has no room for \\S+ MiB: at most \\S+ MiB of its \\S+ MiB are free, and one"
                        + " block holds \\S+ MiB; close another model, take a smaller one, or use another backend");
        assertThat(driver.used()).isZero();
        driver.allocate(64).close();
    }

    @Test
    void closingGivesEverythingBack() {
        Memory memory = driver.allocate(1000);
        Kernel scale = driver.compile("scale", SCALE, GROUP, 2);
        Program program = driver.record(List.of(new Dispatch(scale, List.of(all(memory), all(memory)), Set.of(1), 0)), 5);
        assertThat(driver.used()).isEqualTo(1020);
        program.close();
        program.close();
        memory.close();
        memory.close();
        assertThat(driver.used()).isZero();
        assertThatThrownBy(() -> memory.read(0, MemorySegment.ofArray(new byte[1]))).isInstanceOf(BackendException.class)
                .hasMessageContaining("given back already");
        assertThatThrownBy(() -> program.run(new int[5])).isInstanceOf(BackendException.class)
                .hasMessageContaining("closed already");

        Memory left = driver.allocate(8);
        driver.close();
        left.close();
        driver.close();
        assertThatThrownBy(() -> driver.allocate(8)).isInstanceOf(BackendException.class).hasMessage(
                "opencl: the device " + driver.info().name() + " is closed already; open it again");
    }

    @Test
    void aProgramKeepsTheMemoryThatItIsBoundTo() {
        Memory memory = driver.allocate(1000);
        Program program = driver.record(List.of(new Dispatch(driver.compile("scale", SCALE, GROUP, 2),
                List.of(all(memory), all(memory)), Set.of(1), 0)), 5);
        memory.close();
        program.run(new int[] {8, 1, 1, 250, 2});
        program.close();
        assertThat(driver.used()).isZero();
    }

    @Test
    void kernelsAreCompiledOnceForAllAndADamagedCacheIsMended() throws IOException {
        assertThat(driver.compile("scale", SCALE, GROUP, 2)).isSameAs(driver.compile("again", SCALE, GROUP, 2));
        Path file = onlyFile();
        byte[] good = Files.readAllBytes(file);
        scalesOne();

        Files.write(file, new byte[] {1, 2, 3});
        try (OpenClDriver second = Backends.driver(backend)) {
            second.compile("scale", SCALE, GROUP, 2);
        }
        assertThat(Files.size(onlyFile())).isGreaterThan(32).isCloseTo(good.length, withPercentage(5));
    }

    private void scalesOne() {
        try (OpenClDriver second = Backends.driver(backend)) {
            Memory memory = second.allocate(4);
            memory.write(0, MemorySegment.ofArray(new float[] {5}));
            Kernel scale = second.compile("scale", SCALE, GROUP, 2);
            second.record(List.of(new Dispatch(scale, List.of(all(memory), all(memory)), Set.of(1), 0)), 5).run(new int[] {1, 1, 1, 1, 2});
            assertThat(floats(memory, 1)).containsExactly(10);
        }
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    @Test
    void aBinaryThatTheDriverRefusesIsReplaced() throws IOException {
        driver.compile("scale", SCALE, GROUP, 2);
        Path file = onlyFile();
        new KernelCache(cache).store(file.getFileName().toString(), "no program at all".getBytes(StandardCharsets.UTF_8));
        scalesOne();
        assertThat(Files.size(file)).isGreaterThan(100);
    }

    @Test
    void whatAGroupJoinsComesOutRight() {
        OpenClBackend usual = Backends.present();
        try (OpenClDriver joining = Backends.driver(usual)) {
            assertThat(SubgroupCheck.fault(joining)).isEmpty();
        }
        usual.deactivate();
        assertThat(driver.subgroups()).as("as configured").isFalse();
        assertThat(SubgroupCheck.fault(driver)).isEmpty();
    }

    @Test
    void timesAreKeptPerKernel() {
        OpenClBackend timed = Backends.present(Map.of("cache", cache, "profile", true));
        try (OpenClDriver profiled = Backends.driver(timed)) {
            Memory memory = profiled.allocate(4);
            Kernel scale = profiled.compile("scale", SCALE, GROUP, 2);
            OpenClProgram program = (OpenClProgram) profiled.record(
                    List.of(new Dispatch(scale, List.of(all(memory), all(memory)), Set.of(1), 0)), 5);
            program.run(new int[] {1, 1, 1, 1, 2});
            program.run(new int[] {1, 1, 1, 1, 2});
            assertThat(program.times()).singleElement().asString().matches("scale: 2 runs, \\d+\\.\\d{3} ms, 100\\.0 %");
        }
    }
}
