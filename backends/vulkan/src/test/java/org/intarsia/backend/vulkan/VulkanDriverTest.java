package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.gpu.Driver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver with kernels written by hand. */
class VulkanDriverTest {
    private static final int GROUP = 4;

    /** target[i] = source[i] * p[3] + p[4], for as many groups as are asked for. */
    private static final String SCALE = """
            #version 450
            layout(local_size_x = 4) in;
            layout(std430, binding = 0) readonly buffer Source { int source[]; };
            layout(std430, binding = 1) writeonly buffer Target { int target[]; };
            layout(std430, binding = 2) readonly buffer Parameters { int p[]; };
            layout(push_constant) uniform First { int first; };
            void main() {
                uint i = gl_GlobalInvocationID.x;
                target[i] = source[i] * p[first + 3] + p[first + 4];
            }
            """;

    @TempDir
    private Path cache;
    private Watched watched;
    private VulkanDriver driver;

    @BeforeEach
    void open() {
        watched = new Watched(cache);
        driver = watched.driver();
    }

    @AfterEach
    void close() {
        if (watched != null) {
            driver.close();
            watched.close();
        }
    }

    private static Driver.Binding all(Driver.Memory memory) {
        return new Driver.Binding(memory, 0, memory.bytes());
    }

    private static int[] ints(Driver.Memory memory) {
        int[] read = new int[(int) memory.bytes() / Integer.BYTES];
        memory.read(0, MemorySegment.ofArray(read));
        return read;
    }

    @Test
    void parametersSayHowOftenAndWithWhatAProgramRuns() {
        Driver.Kernel kernel = driver.compile("scale", SCALE, GROUP, 2);
        try (Driver.Memory source = driver.allocate(32); Driver.Memory target = driver.allocate(32);
                Driver.Program program = driver.record(List.of(new Driver.Dispatch(kernel, List.of(all(source), all(target)), Set.of(1), 0)), 5)) {
            source.write(0, MemorySegment.ofArray(new int[] {1, 2, 3, 4, 5, 6, 7, 8}));
            program.run(new int[] {1, 1, 1, 10, 1});
            assertThat(ints(target)).containsExactly(11, 21, 31, 41, 0, 0, 0, 0);
            program.run(new int[] {2, 1, 1, -1, 0});
            assertThat(ints(target)).containsExactly(-1, -2, -3, -4, -5, -6, -7, -8);
            program.run(new int[] {0, 1, 1, 7, 7});
            assertThat(ints(target)).as("no groups, no work").containsExactly(-1, -2, -3, -4, -5, -6, -7, -8);
        }
    }

    @Test
    void constantsAreGivenToAKernelWhenItIsCompiled() {
        String source = SCALE.replace("void main() {", "layout(constant_id = 1) const int more = 0;\nvoid main() {")
                .replace("p[first + 4]", "more");
        Driver.Kernel plusSeven = driver.compile("constant", source, GROUP, 2, 0, 7);
        Driver.Kernel plusNine = driver.compile("constant", source, GROUP, 2, 0, 9);
        assertThat(driver.compile("constant", source, GROUP, 2, 0, 7)).isSameAs(plusSeven).isNotSameAs(plusNine);
        try (Driver.Memory numbers = driver.allocate(16); Driver.Memory seven = driver.allocate(16);
                Driver.Memory nine = driver.allocate(16);
                Driver.Program program = driver.record(List.of(
                        new Driver.Dispatch(plusSeven, List.of(all(numbers), all(seven)), Set.of(1), 0),
                        new Driver.Dispatch(plusNine, List.of(all(numbers), all(nine)), Set.of(1), 0)), 5)) {
            numbers.write(0, MemorySegment.ofArray(new int[] {1, 2, 3, 4}));
            program.run(new int[] {1, 1, 1, 10, 0});
            assertThat(ints(seven)).containsExactly(17, 27, 37, 47);
            assertThat(ints(nine)).containsExactly(19, 29, 39, 49);
        }
    }

    @Test
    void dispatchesSeeWhatThoseBeforeThemWrote() {
        Driver.Kernel kernel = driver.compile("scale", SCALE, GROUP, 2);
        try (Driver.Memory one = driver.allocate(4 << 12); Driver.Memory other = driver.allocate(4 << 12)) {
            Driver.Dispatch there = new Driver.Dispatch(kernel, List.of(all(one), all(other)), Set.of(1), 0);
            Driver.Dispatch back = new Driver.Dispatch(kernel, List.of(all(other), all(one)), Set.of(1), 5);
            try (Driver.Program program = driver.record(List.of(there, back, there, back, there, back), 10)) {
                program.run(new int[] {1 << 10, 1, 1, 2, 1, 1 << 10, 1, 1, 3, 0});
            }
            assertThat(ints(one)).hasSize(1 << 12).containsOnly(((0 * 2 + 1) * 3 * 2 + 1) * 3 * 2 * 3 + 3);
        }
    }

    @Test
    void bindingsArePartsOfMemory() {
        Driver.Kernel kernel = driver.compile("scale", SCALE, GROUP, 2);
        long step = driver.alignment();
        try (Driver.Memory memory = driver.allocate(3 * step)) {
            Driver.Dispatch dispatch = new Driver.Dispatch(kernel,
                    List.of(new Driver.Binding(memory, 0, 16), new Driver.Binding(memory, 2 * step, 16)), Set.of(1), 0);
            memory.write(0, MemorySegment.ofArray(new int[] {1, 2, 3, 4}));
            try (Driver.Program program = driver.record(List.of(dispatch), 5)) {
                program.run(new int[] {1, 1, 1, 1, 0});
            }
            int[] part = new int[4];
            memory.read(2 * step, MemorySegment.ofArray(part));
            assertThat(part).containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void recordingSaysWhatDoesNotFit() {
        Driver.Kernel kernel = driver.compile("scale", SCALE, GROUP, 2);
        try (Driver.Memory memory = driver.allocate(64)) {
            assertThatThrownBy(() -> driver.record(List.of(new Driver.Dispatch(kernel, List.of(all(memory)), Set.of(1), 0)), 5))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kernel scale").hasMessageContaining("number of bindings");
            Driver.Binding beyond = new Driver.Binding(memory, 0, 68);
            assertThatThrownBy(() -> driver.record(List.of(new Driver.Dispatch(kernel, List.of(beyond, beyond), Set.of(1), 0)), 5))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("beyond the end");
        }
    }

    @Test
    void theSameSourceIsTheSameKernel() {
        assertThat(driver.compile("scale", SCALE, GROUP, 2)).isSameAs(driver.compile("scale again", SCALE, GROUP, 2));
    }

    @Test
    void aMistakeInAKernelComesWithTheLog() {
        String wrong = SCALE.replace("source[i]", "sorce[i]");
        assertThatThrownBy(() -> driver.compile("broken", wrong, GROUP, 2)).isInstanceOf(BackendException.class)
                .hasMessageContaining("kernel broken does not compile").hasMessageContaining("broken:9").hasMessageContaining("sorce");
    }

    @Test
    void moreThanThereIsIsRefusedWithBothFigures() {
        long asked = driver.info().memoryBytes() + 1;
        assertThatThrownBy(() -> driver.allocate(asked)).isInstanceOf(BackendException.class)
                .hasMessageMatching("vulkan: .*: " + asked + " bytes were asked for, \\d+ are free; .*");
        assertThat(driver.allocated()).isZero();
    }

    @Test
    void closingGivesAllMemoryBack() {
        Driver.Kernel kernel = driver.compile("scale", SCALE, GROUP, 2);
        Driver.Memory memory = driver.allocate(1 << 20);
        Driver.Program program = driver.record(List.of(new Driver.Dispatch(kernel, List.of(all(memory), all(memory)), Set.of(1), 0)), 5);
        assertThat(driver.allocated()).isGreaterThan(1 << 20);
        memory.close();
        memory.close();
        assertThatThrownBy(() -> program.run(new int[] {1, 1, 1, 1, 1})).isInstanceOf(BackendException.class)
                .hasMessageContaining("given back already");
        program.close();
        program.close();
        assertThat(driver.allocated()).isZero();
    }

    @Test
    void closingTheDriverClosesWhatItMade() {
        Driver.Kernel kernel = driver.compile("scale", SCALE, GROUP, 2);
        Driver.Memory memory = driver.allocate(64);
        driver.record(List.of(new Driver.Dispatch(kernel, List.of(all(memory), all(memory)), Set.of(1), 0)), 5);
        driver.close();
        driver.close();
        assertThatThrownBy(() -> memory.write(0, MemorySegment.ofArray(new int[1]))).isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> driver.allocate(1)).isInstanceOf(BackendException.class).hasMessageContaining("closed already");
        assertThatThrownBy(() -> driver.compile("scale", SCALE, GROUP, 2)).isInstanceOf(BackendException.class);
    }

    @Test
    void stagingCarriesMoreThanItHolds() {
        byte[] sent = new byte[(35 << 20) + 7];
        new Random(1).nextBytes(sent);
        byte[] received = new byte[sent.length];
        try (VulkanDriver staging = watched.stagingDriver(); Driver.Memory memory = staging.allocate(sent.length + 2)) {
            memory.write(1, MemorySegment.ofArray(sent));
            memory.read(1, MemorySegment.ofArray(received));
            assertThat(received).isEqualTo(sent);
            byte[] edges = new byte[1];
            memory.read(0, MemorySegment.ofArray(edges));
            assertThat(edges).as("memory begins as zeros").containsExactly(0);
        }
    }

    @Test
    void whatIsSmallIsWrittenInPlaceAndReadByStaging() {
        int[] sent = new Random(1).ints(5000).toArray();
        try (VulkanDriver staging = watched.stagingDriver(); Driver.Memory memory = staging.allocate(4L * sent.length);
                Driver.Memory large = staging.allocate(1 << 20)) {
            assertThat(((VulkanMemory) memory).allocation().isMapped()).isTrue();
            assertThat(((VulkanMemory) large).allocation().isMapped()).isFalse();
            memory.write(0, MemorySegment.ofArray(sent));
            assertThat(ints(memory)).isEqualTo(sent);
            memory.write(4, MemorySegment.ofArray(new int[] {7}));
            sent[1] = 7;
            assertThat(ints(memory)).isEqualTo(sent);
        }
    }

    @Test
    void brokenCacheFilesAreMadeAnew() throws Exception {
        driver.compile("scale", SCALE, GROUP, 2);
        driver.close();
        List<Path> files = files();
        assertThat(files).hasSize(2);
        byte[] before = Files.readAllBytes(kernelIn(files));
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            content[content.length - 1] ^= 1;
            Files.write(file, content);
        }
        driver = watched.driver();
        parametersSayHowOftenAndWithWhatAProgramRuns();
        assertThat(Files.readAllBytes(kernelIn(files()))).isEqualTo(before);
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    private static Path kernelIn(List<Path> files) {
        return files.stream().filter(file -> file.toString().endsWith(".spv")).findFirst().orElseThrow();
    }
}
