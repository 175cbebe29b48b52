package org.intarsia.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.api.Support;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Meter.Product;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.junit.jupiter.api.Test;

/** What is measured of products, and what is left out; how fast they are is of no account. */
class ProductMeterTest {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration ANY_TIME = Duration.ofDays(1);

    private static List<Product> measure(Duration longest) {
        return new ProductMeter(new IdleDevice(Precision.FAST), Precision.FAST, new Stopwatch(NO_TIME, longest), news -> { }).measure();
    }

    private static List<Product> of(List<Product> products, Encoding encoding) {
        return products.stream().filter(product -> product.encoding() == encoding && product.inner() == 4096).toList();
    }

    @Test
    void largeLayersAreMeasuredInEveryEncodingThatMattersAndRefusalsAreListed() {
        List<Product> products = measure(ANY_TIME);
        for (Encoding encoding : List.of(Encoding.F32, Encoding.BF16, Encoding.F16, Encoding.Q8_0, Encoding.Q4_0)) {
            assertThat(of(products, encoding)).extracting(Product::rows).containsExactly(1, 8, 512, 4096);
        }
        assertThat(of(products, Encoding.Q8_0).getFirst().weightBytes()).isEqualTo(4096 * 4096 / 32 * 34);
        assertThat(of(products, Encoding.Q8_0).get(2).floatOperations()).isEqualTo(2.0 * 512 * 4096 * 4096);
        assertThat(products).filteredOn(product -> product.encoding() != Encoding.Q4_K)
                .allSatisfy(product -> assertThat(product.runs().perSecond().orElseThrow()).isPositive());
        assertThat(of(products, Encoding.Q4_K)).hasSize(4).allSatisfy(product ->
                assertThat(product.runs()).isEqualTo(Meter.Rate.none(IdleDevice.REFUSAL)));
    }

    /** The first product says how long the others would take. */
    @Test
    void whatWouldTakeTooLongIsNotRun() {
        List<Product> products = measure(NO_TIME);
        double seconds = 1 / products.getFirst().runs().perSecond().orElseThrow();
        List<Product> large = of(products, Encoding.BF16);
        assertThat(large).extracting(Product::runs).allSatisfy(runs -> {
            assertThat(runs.perSecond()).isEmpty();
            assertThat(runs.reason()).contains("one run would take too long");
        });
        // 1024³ to 512 × 4096 · 4096², and to 4096³.
        assertThat(large.get(2).runs().runSeconds().orElseThrow() / seconds).isBetween(7.99, 8.01);
        assertThat(large.get(3).runs().runSeconds().orElseThrow() / seconds).isBetween(63.99, 64.01);
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> measure(ANY_TIME)).isInstanceOf(CancellationException.class)
                    .hasMessage("the measuring was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Computes nothing, and knows no Q4_K. */
    private record IdleDevice(Precision expected) implements Device {
        static final String REFUSAL = "idle: no kernel for matMul on Q4_K";

        @Override
        public DeviceInfo info() {
            return new DeviceInfo("idle", "nothing", 0, List.of());
        }

        @Override
        public Support supports(Node node) {
            return new Support.Native();
        }

        @Override
        public Buffer allocate(TensorType type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Buffer constant(TensorType type, MemorySegment content) {
            assertThat(content.byteSize()).isEqualTo(type.bytes());
            return new IdleBuffer(type);
        }

        @Override
        public Plan compile(Graph graph, Map<String, Buffer> bound, int threads) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Plan compile(Graph graph, Map<String, Buffer> bound, int threads, Precision precision) {
            assertThat(precision).isEqualTo(expected);
            TensorType weight = bound.get("weight0").type();
            if (weight.encoding() == Encoding.Q4_K) {
                throw new BackendException(REFUSAL);
            }
            boolean fewRows = graph.leaves(Leaf.Input.class).get("x").shape().size(0) <= 8;
            assertThat(bound.size() * weight.bytes()).as("bytes of weights").isEqualTo(
                    fewRows ? Math.ceilDiv(256L << 20, weight.bytes()) * weight.bytes() : weight.bytes());
            return new IdlePlan();
        }

        @Override
        public Limits measureLimits() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long allocatedBytes() {
            return 0;
        }

        @Override
        public void close() {
        }
    }

    private record IdleBuffer(TensorType type) implements Buffer {
        @Override
        public void write(MemorySegment source) {
        }

        @Override
        public void read(MemorySegment target) {
        }

        @Override
        public void close() {
        }
    }

    private record IdlePlan() implements Plan {
        @Override
        public Buffer input(String name) {
            return new IdleBuffer(TensorType.f32(1));
        }

        @Override
        public Buffer output(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void run(Map<String, Long> sizes) {
        }

        @Override
        public void close() {
        }
    }
}
