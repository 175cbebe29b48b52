package org.intarsia.backend.gpu.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Support;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.gpu.ProductCheck;
import org.intarsia.backend.gpu.SubgroupCheck;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.junit.jupiter.api.Test;

/** What is left behind when a driver fails: nothing. */
class FaultsTest {

    /** Takes 1000 bytes for its input and 1000 for its result. */
    private static Graph graph() {
        GraphBuilder g = new GraphBuilder();
        Node x = g.input("x", TensorType.f32(250));
        return g.build(Map.of("y", g.softmax(x)));
    }

    @Test
    void aPlanThatFindsNoRoomGivesBackWhatItHasTaken() {
        FrailDriver driver = new FrailDriver(1500);
        try (Device device = GpuDevices.of(driver, () -> { })) {
            assertThatThrownBy(() -> device.compile(graph(), Map.of(), 0)).isInstanceOf(BackendException.class)
                    .hasMessageContaining("asked for");
            assertThat(driver.used).isZero();
            assertThat(device.allocatedBytes()).isZero();
        }
    }

    @Test
    void whatNoKernelMaySeeWholeIsRefusedWithItsSize() {
        FrailDriver driver = new FrailDriver(1 << 20);
        driver.largestBinding = 992;
        Graph graph = graph();
        try (Device device = GpuDevices.of(driver, () -> { })) {
            assertThatThrownBy(() -> device.compile(graph, Map.of(), 0)).isInstanceOf(BackendException.class)
                    .hasMessage("frail: the graph cannot be compiled: softmax on [F32(250)] to F32(250) has an array of 1000 bytes,"
                            + " of which kernels of this device see 992 at most; take a smaller model, fewer or smaller"
                            + " pictures at once, or another device");
            assertThat(device.supports(graph.outputs().get("y"))).isEqualTo(new Support.Unsupported(
                    "softmax on [F32(250)] to F32(250) has an array of 1000 bytes, of which kernels of this device see 992 at most"));
            assertThat(driver.used).isZero();
        }
    }

    @Test
    void aKernelThatDoesNotCompileLeavesNothing() {
        FrailDriver driver = new FrailDriver(1 << 20);
        driver.compiles = false;
        try (Device device = GpuDevices.of(driver, () -> { })) {
            assertThatThrownBy(() -> device.compile(graph(), Map.of(), 0)).isInstanceOf(BackendException.class)
                    .hasMessageContaining("the log");
            assertThat(driver.used).isZero();
            driver.compiles = true;
            device.compile(graph(), Map.of(), 0).close();
            assertThat(driver.used).isZero();
        }
    }

    @Test
    void aLostDeviceIsToldAndCanStillBeClosed() {
        FrailDriver driver = new FrailDriver(1 << 20);
        try (Device device = GpuDevices.of(driver, () -> { })) {
            Plan plan = device.compile(graph(), Map.of(), 0);
            plan.run();
            driver.lost = true;
            assertThatThrownBy(plan::run).isInstanceOf(DeviceLostException.class);
            assertThatThrownBy(() -> plan.output("y").floats(1)).isInstanceOf(DeviceLostException.class);
        }
        assertThat(driver.used).isZero();
    }

    @Test
    void aDriverThatJoinsWronglyIsFoundOut() {
        FrailDriver driver = new FrailDriver(1 << 20);
        assertThat(SubgroupCheck.fault(driver)).startsWith("sums and maxima of groups are [0.0, 0.0, 0.0, ")
                .contains(" and should be [8256.0, 128.0, NaN, 8384.0, 129.0, NaN, 8512.0, 130.0, NaN]");
        driver.compiles = false;
        assertThat(SubgroupCheck.fault(driver)).contains("does not compile");
        driver.compiles = true;
        driver.lost = true;
        assertThatThrownBy(() -> SubgroupCheck.fault(driver)).isInstanceOf(DeviceLostException.class);
        assertThat(driver.used).isZero();
    }

    @Test
    void aDriverThatMultipliesWronglyIsFoundOut() {
        FrailDriver driver = new FrailDriver(1 << 20);
        assertThat(ProductCheck.fault(driver)).isEqualTo("a product is off by 1.0 of its largest number");
        assertThat(driver.compiled).as("what was tried").containsExactly("matMulCooperative");
        driver.compiles = false;
        assertThat(ProductCheck.fault(driver)).contains("does not compile");
        driver.compiles = true;
        driver.lost = true;
        assertThatThrownBy(() -> ProductCheck.fault(driver)).isInstanceOf(DeviceLostException.class);
        assertThat(driver.used).isZero();
    }
}
