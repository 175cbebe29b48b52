package org.intarsia.backend.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.intarsia.backend.cpu.host.Worker;
import org.intarsia.backend.cpu.kernel.RowKernels.Binary;
import org.intarsia.backend.cpu.kernel.RowKernels.Unary;
import org.intarsia.backend.cpu.vector.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vector rows give the bits of scalar rows, and those are near the truth. */
class RowKernelsTest {
    private static final int[] LENGTHS = {1, 2, 15, 16, 17, 31, 64, 65, 127, 200};
    private static final float[] SPECIAL = {0, -0f, 1, -1, 88.7f, 89, 100, -87, -88, -104, 1e-40f, -1e-40f, 0.3f, 0.7f,
            Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};

    private final RowKernels vectors = Kernels.best().rows();
    private final RowKernels scalars = Kernels.SCALAR.rows();

    @ParameterizedTest
    @EnumSource
    void unaryBits(Unary op) {
        for (int n : LENGTHS) {
            compare(op, Native.random(n, n), n);
        }
        compare(op, Native.of(SPECIAL), SPECIAL.length);
    }

    private void compare(Unary op, Native x, int n) {
        Native y = Native.empty(n);
        Native expected = Native.empty(n);
        vectors.unary(op, x.address(), y.address(), n);
        scalars.unary(op, x.address(), expected.address(), n);
        assertThat(y.values()).containsExactly(expected.values());
    }

    @ParameterizedTest
    @EnumSource
    void binaryBits(Binary op) {
        for (int n : LENGTHS) {
            Native a = Native.random(n, n);
            Native b = Native.random(n, n + 1);
            Native y = Native.empty(n);
            Native expected = Native.empty(n);
            vectors.binary(op, a.address(), b.address(), y.address(), n);
            scalars.binary(op, a.address(), b.address(), expected.address(), n);
            assertThat(y.values()).containsExactly(expected.values());
        }
    }

    @Test
    void exponentialsAreNearTheTruth() {
        assertNear(Math::exp, ScalarMath::exp, -86, 88);
        assertNear(Math::tanh, ScalarMath::tanh, -20, 20);
        assertNear(x -> x / (1 + Math.exp(-x)), ScalarMath::silu, -80, 80);
        assertThat(ScalarMath.exp(Float.POSITIVE_INFINITY)).isInfinite();
        assertThat(ScalarMath.exp(-1e30f)).isZero();
        assertThat(ScalarMath.exp(Float.NaN)).isNaN();
        assertThat(ScalarMath.exp(0)).isOne();
    }

    private interface FloatFunction {
        float apply(float x);
    }

    private static void assertNear(DoubleUnaryOperator exact, FloatFunction function, float from, float to) {
        for (int i = 0; i <= 100_000; i++) {
            float x = from + (to - from) * i / 100_000;
            double truth = exact.applyAsDouble(x);
            assertThat((double) function.apply(x)).as("of %s", x).isCloseTo(truth, within(3 * (double) Math.ulp((float) truth)));
        }
    }

    @Test
    void sums() {
        for (int n : LENGTHS) {
            Native a = Native.random(n, n);
            Native b = Native.random(n, n + 1);
            double sum = 0;
            double squares = 0;
            double dot = 0;
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                sum += a.at(i);
                squares += (a.at(i) + 0.5) * (a.at(i) + 0.5);
                dot += a.at(i) * (b.at(i) + 0.5);
                max = Math.max(max, a.at(i));
            }
            assertThat((double) vectors.sum(a.address(), n)).isCloseTo(sum, within(1e-4));
            assertThat((double) vectors.sumSquares(a.address(), 0.5f, n)).isCloseTo(squares, within(1e-3));
            assertThat((double) vectors.dot(a.address(), b.address(), 0.5f, n)).isCloseTo(dot, within(1e-4));
            assertThat(vectors.max(a.address(), n)).isEqualTo(max);
        }
    }

    @Test
    void dotsOfSeveralRows() {
        for (int n : LENGTHS) {
            for (int weights = 1; weights <= 4; weights++) {
                for (int rows = 1; rows <= 4; rows++) {
                    Native weight = Native.random(weights * n, n);
                    Native x = Native.random(rows * n, n + 1);
                    Native y = Native.empty(rows * weights);
                    vectors.dots(weights, weight.address(), 4L * n, rows, x.address(), 4L * n, n, y.address(), 4L * weights,
                            new Worker(0).tile());
                    float[] values = y.values();
                    for (int row = 0; row < rows; row++) {
                        for (int i = 0; i < weights; i++) {
                            assertThat(values[row * weights + i]).isCloseTo(
                                    scalars.dot(x.address((long) row * n), weight.address((long) i * n), 0, n), within(1e-4f));
                        }
                    }
                }
            }
        }
    }
}
