package org.intarsia.backend.cpu.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.HostProducts;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.backend.cpu.kernel.Bf16;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.backend.cpu.vector.VectorPacking;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large products that a library computes, which comes and goes. */
class LibraryProductTest {
    private static final int ROWS = 20;
    /** More than one call, the last one narrow. */
    private static final int COLUMNS = 1100;
    private static final int INNER = 70;

    private final Arena arena = Arena.ofAuto();
    private final CpuBackend backend = new CpuBackend();
    private final float[] x = Native.gaussian(ROWS * INNER, 1);
    private final MemorySegment weights = truncated(Native.gaussian(COLUMNS * INNER, 2));

    /** Multiplies as the contract says, one value after the other. */
    private static class Plain implements HostProducts {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public String library() {
            return "plain loops 1";
        }

        @Override
        public void bf16(int rows, int columns, int inner, MemorySegment a, MemorySegment b, MemorySegment c, long cRow) {
            calls.incrementAndGet();
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    double sum = 0;
                    for (int i = 0; i < inner; i++) {
                        sum += (double) value(a, (long) row * inner + i) * value(b, (long) column * inner + i);
                    }
                    c.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, row * cRow + column, (float) sum);
                }
            }
        }
    }

    @BeforeEach
    void vectors() {
        assumeTrue(Kernels.best().vectorised(), "without vectors every plan computes exactly");
    }

    private static MemorySegment truncated(float[] values) {
        MemorySegment stored = Arena.ofAuto().allocate(2L * values.length, 64);
        for (int i = 0; i < values.length; i++) {
            stored.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
        }
        return stored;
    }

    private static float value(MemorySegment bf16, long index) {
        return Bf16.decode(bf16.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index));
    }

    /** One product by one plan. */
    private final class Run implements AutoCloseable {
        private final Device device = backend.open();
        private final int rows;
        private final Buffer bound;
        private final Plan plan;

        Run(int rows, int threads, Precision precision) {
            this.rows = rows;
            TensorType type = new TensorType(Shape.of(COLUMNS, INNER), Encoding.BF16);
            GraphBuilder graph = new GraphBuilder();
            bound = device.constant(type, weights);
            plan = device.compile(graph.build(Map.of("y", graph.matMul(graph.input("x", TensorType.f32(rows, INNER)),
                    graph.parameter("w", type), false, true))), Map.of("w", bound), threads, precision);
        }

        float[] run() {
            plan.input("x").write(MemorySegment.ofArray(Arrays.copyOf(x, rows * INNER)));
            plan.run();
            MemorySegment content = arena.allocate(4L * rows * COLUMNS, 64);
            plan.output("y").read(content);
            return content.toArray(ValueLayout.JAVA_FLOAT);
        }

        @Override
        public void close() {
            plan.close();
            bound.close();
            device.close();
        }
    }

    private float[] run(int rows, int threads, Precision precision) {
        try (Run run = new Run(rows, threads, precision)) {
            return run.run();
        }
    }

    @Test
    void resultsAreThoseOfTheRoundedRowsOnAnyNumberOfThreads() {
        Plain library = new Plain();
        backend.setProducts(library);
        float[] y = run(ROWS, 0, Precision.FAST);
        assertThat(library.calls).hasValue(3);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                double expected = 0;
                double size = 0;
                for (int i = 0; i < INNER; i++) {
                    double product = (double) Bf16.decode(Bf16.encode(x[row * INNER + i])) * value(weights, (long) column * INNER + i);
                    expected += product;
                    size += Math.abs(product);
                }
                assertThat((double) y[row * COLUMNS + column]).isCloseTo(expected, within(1e-7 * size));
            }
        }
        assertThat(run(ROWS, 1, Precision.FAST)).containsExactly(y);
    }

    @Test
    void aPlanUsesItWhileItIsThere() {
        Plain library = new Plain();
        float[] exact = run(ROWS, 0, Precision.EXACT);
        try (Run fast = new Run(ROWS, 0, Precision.FAST)) {
            assertThat(fast.run()).containsExactly(exact);
            backend.setProducts(library);
            assertThat(backend.devices().getFirst().features()).contains("large fast products by plain loops 1");
            assertThat(fast.run()).isNotEqualTo(exact);
            backend.unsetProducts(library);
            assertThat(fast.run()).containsExactly(exact);
            assertThat(backend.devices().getFirst().features()).noneMatch(feature -> feature.contains("plain loops"));
        }
    }

    @Test
    void exactPlansAndFewRowsDoNotUseIt() {
        Plain library = new Plain();
        float[] exact = run(ROWS, 0, Precision.EXACT);
        float[] few = run(LibraryProduct.LEAST_ROWS - 1, 0, Precision.EXACT);
        backend.setProducts(library);
        assertThat(run(ROWS, 0, Precision.EXACT)).containsExactly(exact);
        assertThat(run(LibraryProduct.LEAST_ROWS - 1, 0, Precision.FAST)).containsExactly(few);
        assertThat(library.calls).hasValue(0);
    }

    @Test
    void anotherLibraryTakesThePlaceBeforeTheFirstLeaves() {
        Plain first = new Plain();
        Plain second = new Plain();
        backend.setProducts(first);
        backend.setProducts(second);
        backend.unsetProducts(first);
        run(ROWS, 0, Precision.FAST);
        assertThat(first.calls).hasValue(0);
        assertThat(second.calls).hasPositiveValue();
    }

    @Test
    void whoeverTakesItAwayWaitsForItsProducts() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Plain slow = new Plain() {
            @Override
            public void bf16(int rows, int columns, int inner, MemorySegment a, MemorySegment b, MemorySegment c, long cRow) {
                inside.countDown();
                try {
                    assertThat(goOn.await(1, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.bf16(rows, columns, inner, a, b, c, cRow);
            }
        };
        backend.setProducts(slow);
        Thread running = Thread.ofPlatform().start(() -> run(ROWS, 1, Precision.FAST));
        assertThat(inside.await(1, TimeUnit.MINUTES)).isTrue();
        Thread leaving = Thread.ofPlatform().start(() -> backend.unsetProducts(slow));
        leaving.join(100);
        assertThat(leaving.isAlive()).isTrue();
        goOn.countDown();
        leaving.join(TimeUnit.MINUTES.toMillis(1));
        running.join(TimeUnit.MINUTES.toMillis(1));
        assertThat(leaving.isAlive()).isFalse();
        assertThat(running.isAlive()).isFalse();
    }

    @Test
    void floatsAreRoundedToTheNearestWithTiesToEven() {
        float[] values = {0, -0f, 1, -1, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY, Float.NaN, Float.intBitsToFloat(0x7F800001), Float.intBitsToFloat(0xFF80FFFF),
                Float.intBitsToFloat(0x3F808000), Float.intBitsToFloat(0x3F818000), Float.intBitsToFloat(0x3F808001),
                Float.intBitsToFloat(0x3F807FFF), Float.intBitsToFloat(0x7F7FFFFF), Float.MIN_NORMAL, 1e-40f};
        float[] many = Arrays.copyOf(values, values.length + 1000);
        System.arraycopy(Native.gaussian(1000, 9), 0, many, values.length, 1000);
        MemorySegment source = arena.allocate(4L * many.length, 64).copyFrom(MemorySegment.ofArray(many));
        MemorySegment target = arena.allocate(2L * many.length, 64);
        VectorPacking.toBf16(source.address(), target.address(), many.length);
        for (int i = 0; i < many.length; i++) {
            assertThat(target.getAtIndex(ValueLayout.JAVA_SHORT, i)).as("%x", Float.floatToRawIntBits(many[i]))
                    .isEqualTo(Bf16.encode(many[i]));
        }
    }
}
