package org.intarsia.backend.gpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
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
}
