package org.intarsia.backend.gpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;

/** What a plan records. */
class GpuPlanTest {

    @Test
    void thereIsARecordingForEachSetOfKernelsThatWorkTogether() {
        FrailDriver driver = new FrailDriver(1 << 20);
        TensorType type = TensorType.f32(24, 256);
        GraphBuilder g = new GraphBuilder();
        var x = g.input("x", new TensorType(Shape.of(Dim.named("rows", 16), Dim.fixed(256)), Encoding.F32));
        try (Device device = GpuDevices.of(driver, () -> { }); Buffer weight = device.allocate(type)) {
            try (Plan plan = device.compile(g.build(Map.of("y", g.linear(x, g.parameter("weight", type)))),
                    Map.of("weight", weight), 0)) {
                assertThat(driver.compiled).containsExactly("matVecWide", "matMulCooperative");
                plan.run(Map.of("rows", 1L));
                plan.run(Map.of("rows", 3L));
                plan.run(Map.of("rows", 16L));
                plan.run(Map.of("rows", 1L));
                assertThat(driver.recorded).as("kernels of each recording").containsExactly(1, 1);
                assertThat(driver.programs).isEqualTo(2);
            }
            assertThat(driver.programs).as("recordings that are left").isZero();
        }
    }

    @Test
    void whatComesOfReadOnlyWeightsAloneIsComputedOnce() {
        FrailDriver driver = new FrailDriver(1 << 20);
        TensorType type = new TensorType(Shape.of(64), Encoding.BF16);
        GraphBuilder g = new GraphBuilder();
        Graph graph = g.build(Map.of("y", g.rmsNorm(g.input("x", TensorType.f32(3, 64)), g.parameter("weight", type), 1e-5)));
        try (Device device = GpuDevices.of(driver, () -> { });
                Buffer read = device.constant(type, MemorySegment.ofArray(new short[64]));
                Buffer written = device.allocate(type)) {
            try (Plan plan = device.compile(graph, Map.of("weight", read), 0)) {
                assertThat(driver.recorded).as("the weight as F32").containsExactly(1);
                assertThat(driver.programs).isZero();
                plan.run();
                plan.run();
                assertThat(driver.recorded).as("and the norm").containsExactly(1, 1);
            }
            try (Plan plan = device.compile(graph, Map.of("weight", written), 0)) {
                plan.run();
                assertThat(driver.recorded).as("a weight that may change").containsExactly(1, 1, 2);
            }
        }
        assertThat(driver.used).isZero();
    }
}
