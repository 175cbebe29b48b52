package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.kernel.Bf16;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Products with weights in BF16 and rows that are rounded to BF16. */
class Bf16ProductTest {
    /** Not a multiple of the rows of weights that are multiplied together. */
    private static final int COLUMNS = 39;
    private static final int INNER = 96;
    private static final int ROWS = 19;

    private final Arena arena = Arena.ofAuto();
    private final float[] x = Native.gaussian(ROWS * INNER, 3);
    private final float[] weights = Native.rounded(Native.gaussian(COLUMNS * INNER, 5));

    @BeforeEach
    void needsTheProcessor() {
        try (MachineCode code = new MachineCode()) {
            assumeTrue(code.bf16().isPresent(), "the processor has no AVX-512 with BF16");
        }
    }

    @Test
    void resultsAreThoseOfTheRoundedRows() {
        float[] near = Native.rounded(x);
        for (int rows = 1; rows <= ROWS; rows++) {
            float[] y = product(rows, 0);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < COLUMNS; column++) {
                    double expected = 0;
                    double size = 0;
                    for (int i = 0; i < INNER; i++) {
                        double product = (double) near[row * INNER + i] * weights[column * INNER + i];
                        expected += product;
                        size += Math.abs(product);
                    }
                    assertThat((double) y[row * COLUMNS + column]).isCloseTo(expected, within(2e-6 * size));
                }
            }
        }
    }

    @Test
    void aRowHasTheSameBitsAloneAndBesideOthersOnAnyNumberOfThreads() {
        float[] alone = product(1, 1);
        for (int rows = 1; rows <= ROWS; rows++) {
            assertThat(Arrays.copyOf(product(rows, 0), COLUMNS)).containsExactly(alone);
        }
    }

    private float[] product(int rows, int threads) {
        GraphBuilder graph = new GraphBuilder();
        TensorType type = new TensorType(Shape.of(COLUMNS, INNER), Encoding.BF16);
        MemorySegment stored = arena.allocate(2L * weights.length, 64);
        for (int i = 0; i < weights.length; i++) {
            stored.setAtIndex(ValueLayout.JAVA_SHORT, i, Bf16.encode(weights[i]));
        }
        var y = graph.matMul(graph.input("x", TensorType.f32(rows, INNER)), graph.parameter("w", type), false, true);
        try (Device device = new CpuBackend().open(); Buffer weight = device.constant(type, stored);
                Plan plan = device.compile(graph.build(Map.of("y", y)), Map.of("w", weight), threads, Precision.FAST)) {
            plan.input("x").write(MemorySegment.ofArray(Arrays.copyOf(x, rows * INNER)));
            plan.run();
            float[] result = new float[rows * COLUMNS];
            MemorySegment content = arena.allocate(4L * result.length, 64);
            plan.output("y").read(content);
            MemorySegment.copy(content, ValueLayout.JAVA_FLOAT, 0, result, 0, result.length);
            return result;
        }
    }
}
