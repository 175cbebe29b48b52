package org.intarsia.backend.gpu.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
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

    /** Kernels cannot throw, so the host must; what lies behind the sizes of a run is of no matter. */
    @Test
    void rowsThatATableHasNotAreRefusedBeforeAnyKernelRuns() {
        GraphBuilder g = new GraphBuilder();
        var ids = g.input("ids", new TensorType(Shape.of(Dim.fixed(1), Dim.named("length", 4)), Encoding.I32));
        var places = g.input("places", TensorType.i32(2));
        var targets = g.input("targets", TensorType.i32(1, 2));
        var table = g.parameter("table", TensorType.f32(5, 3));
        Graph graph = g.build(Map.of(
                "rows", g.gather(table, g.reshape(ids, new Shape(List.of(ids.shape().count())))),
                "sums", g.scatterAdd(places, g.input("added", TensorType.f32(2, 3)), 6),
                "losses", g.crossEntropy(g.input("logits", TensorType.f32(2, 7)), g.reshape(targets, Shape.of(2)), 0)));
        try (Device device = GpuDevices.of(new FrailDriver(1 << 20), () -> { });
                Buffer weight = device.allocate(TensorType.f32(5, 3));
                Plan plan = device.compile(graph, Map.of("table", weight), 0)) {
            plan.input("ids").write(4, 0, -1, 5);
            plan.input("places").write(5, 0);
            plan.input("targets").write(6, 0);
            plan.run(Map.of("length", 2L));
            assertThatThrownBy(() -> plan.run(Map.of("length", 3L))).isInstanceOf(BackendException.class)
                    .hasMessageEndingWith("the input 'ids' holds -1, but the table that it addresses has the rows 0 to 4");
            plan.input("ids").write(5);
            assertRefused(plan, "ids' holds 5,");
            plan.input("ids").write(0);
            plan.input("places").write(0, 6);
            assertRefused(plan, "places' holds 6,");
            plan.input("places").write(0, 0);
            plan.input("targets").write(7);
            assertRefused(plan, "targets' holds 7,");
            plan.input("targets").write(0);
            plan.run(Map.of("length", 2L));
        }
    }

    private static void assertRefused(Plan plan, String what) {
        assertThatThrownBy(() -> plan.run(Map.of("length", 2L))).isInstanceOf(BackendException.class).hasMessageContaining(what);
    }
}
