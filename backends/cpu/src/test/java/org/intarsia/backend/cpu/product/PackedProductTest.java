package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.kernel.StoredBlocks;
import org.intarsia.backend.cpu.rounding.PackedWeights;
import org.intarsia.graph.Blocks;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with packed weights and rounded activations. */
class PackedProductTest {
    /** Not a multiple of the rows of a group. */
    private static final int COLUMNS = 37;
    private static final int INNER = 512;
    /** Two pieces of rows and a part of a third. */
    private static final int ROWS = 19;

    private final Arena arena = Arena.ofAuto();
    private final float[] x = Native.gaussian(ROWS * INNER, 3);

    private static boolean hasCode(Encoding encoding) {
        try (MachineCode code = new MachineCode()) {
            return code.integers(encoding).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void machineCodeGivesTheResultsOfTheRoundedRows(Encoding encoding) {
        assumeTrue(hasCode(encoding), "there is no machine code for this processor");
        for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, ROWS}) {
            isThatOfTheRoundedRows(encoding, rows, Map.of());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void withoutMachineCodeResultsAreExact(Encoding encoding) {
        MemorySegment stored = stored(encoding);
        for (int rows : new int[] {1, 3, ROWS}) {
            assertThat(product(encoding, stored, rows, Precision.FAST, 0, Map.of("machinecode", false)))
                    .containsExactly(product(encoding, stored, rows, Precision.EXACT, 0, Map.of()));
        }
    }

    private void isThatOfTheRoundedRows(Encoding encoding, int rows, Map<String, Object> settings) {
        MemorySegment stored = stored(encoding);
        float[] weights = new float[COLUMNS * INNER];
        Blocks.decode(encoding, stored, 0, weights, 0, weights.length);
        float[] y = product(encoding, stored, rows, Precision.FAST, 0, settings);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                double expected = 0;
                double size = 0;
                for (int i = 0; i < INNER; i++) {
                    double product = rounded(row, i) * weights[column * INNER + i];
                    expected += product;
                    size += Math.abs(product);
                }
                assertThat((double) y[row * COLUMNS + column]).isCloseTo(expected, within(2e-6 * size));
            }
        }
    }

    /** The nearest of 255 multiples of a scale that 32 columns share. */
    private double rounded(int row, int i) {
        int block = row * INNER + i / 32 * 32;
        float most = 0;
        for (int j = block; j < block + 32; j++) {
            most = Math.max(most, Math.abs(x[j]));
        }
        return Math.rint(x[row * INNER + i] * (127 / most)) * (most / 127);
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
    void aRowHasTheSameBitsAloneAndBesideOthersOnAnyNumberOfThreads(Encoding encoding) {
        MemorySegment stored = stored(encoding);
        float[] alone = product(encoding, stored, 1, Precision.FAST, 1, Map.of());
        for (int rows = 1; rows <= ROWS; rows++) {
            assertThat(Arrays.copyOf(product(encoding, stored, rows, Precision.FAST, 0, Map.of()), COLUMNS)).containsExactly(alone);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_K", "Q5_K", "Q6_K"})
    void withoutMemoryForItResultsAreExact(Encoding encoding) {
        MemorySegment stored = stored(encoding);
        assertThat(product(encoding, stored, 3, Precision.FAST, 0, Map.of("packed", 0.0)))
                .containsExactly(product(encoding, stored, 3, Precision.EXACT, 0, Map.of()));
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0"})
    void whatIsPackedIsCountedAndFreedWithItsLastPlan(Encoding encoding) {
        GraphBuilder graph = new GraphBuilder();
        TensorType type = new TensorType(Shape.of(COLUMNS, INNER), encoding);
        var built = graph.build(Map.of("y", graph.matMul(graph.input("x", TensorType.f32(1, INNER)), graph.parameter("w", type),
                false, true)));
        try (Device device = new CpuBackend().open(); Buffer weights = device.constant(type, stored(encoding))) {
            Plan exact = device.compile(built, Map.of("w", weights), 0);
            long plan = device.allocatedBytes();
            Plan first = device.compile(built, Map.of("w", weights), 0, Precision.FAST);
            Plan second = device.compile(built, Map.of("w", weights), 0, Precision.FAST);
            long packed = hasCode(encoding) ? PackedWeights.bytes(encoding, COLUMNS, INNER) : 0;
            assertThat(device.allocatedBytes()).isEqualTo(3 * plan + packed);
            first.close();
            assertThat(device.allocatedBytes()).isEqualTo(2 * plan + packed);
            second.close();
            exact.close();
            assertThat(device.allocatedBytes()).isZero();
        }
    }

    private MemorySegment stored(Encoding encoding) {
        MemorySegment stored = arena.allocate(encoding.bytes(COLUMNS * INNER) + 2, 64).asSlice(2);
        StoredBlocks.write(encoding, stored, new Random(5));
        return stored;
    }

    private float[] product(Encoding encoding, MemorySegment stored, int rows, Precision precision, int threads,
            Map<String, Object> settings) {
        GraphBuilder graph = new GraphBuilder();
        TensorType type = new TensorType(Shape.of(COLUMNS, INNER), encoding);
        var y = graph.matMul(graph.input("x", TensorType.f32(rows, INNER)), graph.parameter("w", type), false, true);
        try (Device device = new CpuBackend(settings).open(); Buffer weights = device.constant(type, stored);
                Plan plan = device.compile(graph.build(Map.of("y", y)), Map.of("w", weights), threads, precision)) {
            plan.input("x").write(MemorySegment.ofArray(Arrays.copyOf(x, rows * INNER)));
            plan.run();
            float[] result = new float[rows * COLUMNS];
            MemorySegment.copy(read(plan.output("y"), 4L * result.length), ValueLayout.JAVA_FLOAT, 0, result, 0, result.length);
            return result;
        }
    }

    private MemorySegment read(Buffer buffer, long bytes) {
        MemorySegment content = arena.allocate(bytes, 64);
        buffer.read(content);
        return content;
    }
}
