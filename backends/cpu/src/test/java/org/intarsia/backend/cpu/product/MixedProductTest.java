package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Map;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.backend.cpu.code.Bf16Tiles;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Conv2d;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of F32 numbers of which both sides are rounded to BF16. */
class MixedProductTest {

    @BeforeEach
    void needsTheProcessor() {
        try (MachineCode code = new MachineCode()) {
            assumeTrue(code.bf16Tiles().isPresent(), "the processor has no AVX-512 with BF16");
            assumeTrue(Kernels.best().tiles().lanes() == Bf16Tiles.LANES, "vectors have not 512 bits, so products stay exact");
        }
    }

    @ParameterizedTest
    @CsvSource({
            "6, 16, 16, false, false", "9, 17, 33, false, true", "50, 70, 31, true, false", "131, 200, 1100, true, true",
            "96, 64, 512, false, true", "300, 129, 1025, true, false", "61, 48, 700, false, false"})
    void resultsAreThoseOfTheRoundedNumbers(int rows, int columns, int inner, boolean transposeA, boolean transposeB) {
        float[] a = Native.gaussian(rows * inner, 3);
        float[] b = Native.gaussian(columns * inner, 5);
        float[] y = product(a, b, rows, columns, inner, transposeA, transposeB, 0, Precision.MIXED);
        float[] nearA = Native.rounded(a);
        float[] nearB = Native.rounded(b);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double expected = 0;
                double size = 0;
                for (int i = 0; i < inner; i++) {
                    double product = (double) nearA[transposeA ? i * rows + row : row * inner + i]
                            * nearB[transposeB ? column * inner + i : i * columns + column];
                    expected += product;
                    size += Math.abs(product);
                }
                assertThat((double) y[row * columns + column]).isCloseTo(expected, within(2e-6 * size));
            }
        }
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreadsNorOnTheRowsBeside() {
        float[] a = Native.gaussian(400 * 192, 3);
        float[] b = Native.gaussian(192 * 150, 5);
        float[] many = product(a, b, 400, 150, 192, false, false, 0, Precision.MIXED);
        assertThat(product(a, b, 400, 150, 192, false, false, 1, Precision.MIXED)).containsExactly(many);
        assertThat(product(Arrays.copyOf(a, 13 * 192), b, 13, 150, 192, false, false, 1, Precision.MIXED))
                .containsExactly(Arrays.copyOf(many, 13 * 150));
    }

    @Test
    void otherPlansRoundNothing() {
        float[] a = Native.gaussian(64 * 64, 3);
        float[] b = Native.gaussian(64 * 64, 5);
        float[] exact = product(a, b, 64, 64, 64, false, true, 0, Precision.EXACT);
        assertThat(product(a, b, 64, 64, 64, false, true, 0, Precision.FAST)).containsExactly(exact);
        assertThat(product(a, b, 64, 64, 64, false, true, 0, Precision.MIXED)).isNotEqualTo(exact);
    }

    @Test
    void convolutionsRoundToo() {
        float[] picture = Native.rounded(Native.gaussian(2 * 5 * 9 * 11, 3));
        float[] kernels = Native.rounded(Native.gaussian(21 * 5 * 3 * 3, 5));
        float[] exact = convolution(picture, kernels, Precision.EXACT);
        float[] mixed = convolution(picture, kernels, Precision.MIXED);
        for (int i = 0; i < exact.length; i++) {
            assertThat(mixed[i]).isCloseTo(exact[i], within(1e-4f));
        }
        float[] finer = Native.gaussian(picture.length, 7);
        assertThat(convolution(finer, kernels, Precision.MIXED)).isNotEqualTo(convolution(finer, kernels, Precision.EXACT));
    }

    private static float[] convolution(float[] picture, float[] kernels, Precision precision) {
        GraphBuilder graph = new GraphBuilder();
        Node y = graph.conv2d(graph.input("x", TensorType.f32(2, 5, 9, 11)), graph.input("w", TensorType.f32(21, 5, 3, 3)),
                Conv2d.Window.same(1));
        return run(graph, y, Map.of("x", picture, "w", kernels), 0, precision);
    }

    private static float[] product(float[] a, float[] b, int rows, int columns, int inner, boolean transposeA, boolean transposeB,
            int threads, Precision precision) {
        GraphBuilder graph = new GraphBuilder();
        Node left = graph.input("a", TensorType.f32(transposeA ? Shape.of(inner, rows) : Shape.of(rows, inner)));
        Node right = graph.input("b", TensorType.f32(transposeB ? Shape.of(columns, inner) : Shape.of(inner, columns)));
        return run(graph, graph.matMul(left, right, transposeA, transposeB), Map.of("a", a, "b", b), threads, precision);
    }

    private static float[] run(GraphBuilder graph, Node y, Map<String, float[]> inputs, int threads, Precision precision) {
        int count = Math.toIntExact(y.shape().elements());
        try (Device device = new CpuBackend().open();
                Plan plan = device.compile(graph.build(Map.of("y", y)), Map.of(), threads, precision)) {
            inputs.forEach((name, values) -> plan.input(name).write(values));
            plan.run();
            return plan.output("y").floats(count);
        }
    }
}
