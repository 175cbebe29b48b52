package org.intarsia.backend.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** oneDNN's products, alone and in plans of the CPU backend. */
class OneDnnTest {
    @TempDir
    private static Path folder;

    private final Arena arena = Arena.ofShared();
    private OneDnn products;

    @BeforeEach
    void load() {
        try {
            products = new OneDnn(folder);
        } catch (BackendException e) {
            String reason = "oneDNN is not to be had here: " + e.getMessage();
            assertThat(Boolean.getBoolean("require.devices")).as(reason).isFalse();
            abort(reason);
        }
    }

    @AfterEach
    void unload() {
        if (products != null) {
            products.close();
        }
        arena.close();
    }

    private MemorySegment bf16(int count, long seed) {
        Random random = new Random(seed);
        MemorySegment stored = arena.allocate(2L * count, 64);
        for (int i = 0; i < count; i++) {
            stored.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16));
        }
        return stored;
    }

    private static float value(MemorySegment bf16, long index) {
        return Float.intBitsToFloat(bf16.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 512, 64", "16, 37, 100", "33, 65, 515", "128, 512, 1024"})
    void aProductIsThatOfItsValues(int rows, int columns, int inner) {
        MemorySegment a = bf16(rows * inner, 1);
        MemorySegment b = bf16(columns * inner, 2);
        long cRow = columns + 3;
        MemorySegment c = arena.allocate(4L * rows * cRow, 64);
        c.fill((byte) 0x55);
        products.bf16(rows, columns, inner, a, b, c, cRow);
        float untouched = c.getAtIndex(ValueLayout.JAVA_FLOAT, columns);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double expected = 0;
                double size = 0;
                for (int i = 0; i < inner; i++) {
                    double product = (double) value(a, (long) row * inner + i) * value(b, (long) column * inner + i);
                    expected += product;
                    size += Math.abs(product);
                }
                assertThat((double) c.getAtIndex(ValueLayout.JAVA_FLOAT, row * cRow + column)).isCloseTo(expected, within(1e-6 * size));
            }
            // What lies between the rows is left alone.
            assertThat(c.getAtIndex(ValueLayout.JAVA_FLOAT, row * cRow + columns)).isEqualTo(untouched);
        }
    }

    @Test
    void memoryThatIsTooSmallIsNeverReached() {
        MemorySegment small = arena.allocate(64);
        assertThatThrownBy(() -> products.bf16(16, 16, 16, small, small, small, 16)).isInstanceOf(BackendException.class)
                .hasMessageContaining("does not fit");
        assertThatThrownBy(() -> products.bf16(0, 1, 1, small, small, small, 1)).isInstanceOf(BackendException.class);
    }

    @Test
    void itIsLoadedByTheFirstProductAndNeverAfterItsEnd() throws IOException {
        Path file = folder.resolve("libdnnl.so.3");
        Files.deleteIfExists(file);
        MemorySegment one = bf16(1, 4);
        assertThat(file).doesNotExist();
        products.bf16(1, 1, 1, one, one, arena.allocate(4), 1);
        assertThat(file).isRegularFile();
        products.close();
        products = new OneDnn(folder);
        products.close();
        assertThatThrownBy(() -> products.bf16(1, 1, 1, one, one, arena.allocate(4), 1)).isInstanceOf(BackendException.class)
                .hasMessageContaining("unloaded");
        products = null;
    }

    @Test
    void itTellsItsVersion() throws IOException {
        MemorySegment one = bf16(1, 4);
        products.bf16(1, 1, 1, one, one, arena.allocate(4), 1);
        try (Library library = new Library(folder.resolve("libdnnl.so.3"))) {
            assertThat(products.library()).isEqualTo("oneDNN " + library.version());
        }
    }

    @Test
    void plansUseItWhileItIsThereAndComputeExactlyAfterwards() {
        plansUseItWhileItIsThere(new CpuBackend(Map.of("machinecode", false)), true);
    }

    @Test
    void plansUseItWhileItIsThereAndComputeAsBeforeAfterwards() {
        plansUseItWhileItIsThere(new CpuBackend(), false);
    }

    /** @param exactOtherwise whether fast plans compute exactly without the library */
    private void plansUseItWhileItIsThere(CpuBackend backend, boolean exactOtherwise) {
        int rows = 40;
        int columns = 1100;
        int inner = 256;
        TensorType type = new TensorType(Shape.of(columns, inner), Encoding.BF16);
        GraphBuilder graph = new GraphBuilder();
        var built = graph.build(Map.of("y", graph.matMul(graph.input("x", TensorType.f32(rows, inner)), graph.parameter("w", type),
                false, true)));
        float[] x = new float[rows * inner];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
        }
        try (Device device = backend.open(); Buffer weights = device.constant(type, bf16(columns * inner, 3));
                Plan exact = device.compile(built, Map.of("w", weights), 0);
                Plan fast = device.compile(built, Map.of("w", weights), 0, Precision.FAST);
                Plan alone = device.compile(built, Map.of("w", weights), 1, Precision.FAST)) {
            float[] expected = run(exact, x, rows * columns);
            float[] before = run(fast, x, rows * columns);
            if (exactOtherwise) {
                assertThat(before).containsExactly(expected);
            }
            backend.setProducts(products);
            assertThat(backend.devices().getFirst().features()).contains("large fast products by " + products.library());
            float[] rounded = run(fast, x, rows * columns);
            assertThat(rounded).isNotEqualTo(expected).containsExactly(run(fast, x, rows * columns))
                    .containsExactly(run(alone, x, rows * columns));
            for (int i = 0; i < rounded.length; i++) {
                // Each factor of a sum of 256 is rounded by at most 2⁻⁹ of itself.
                assertThat(rounded[i]).isCloseTo(expected[i], within(0.3f));
            }
            assertThat(run(exact, x, rows * columns)).containsExactly(expected);
            backend.unsetProducts(products);
            assertThat(run(fast, x, rows * columns)).containsExactly(before);
        }
    }

    private float[] run(Plan plan, float[] x, int count) {
        plan.input("x").write(MemorySegment.ofArray(x));
        plan.run();
        MemorySegment content = arena.allocate(4L * count, 64);
        plan.output("y").read(content);
        return content.toArray(ValueLayout.JAVA_FLOAT);
    }
}
