package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.gpu.KernelCache;
import org.intarsia.backend.testkit.Conformance;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every op against the float64 interpreter, on the best device that is there. */
class OpenClConformanceTest {

    @TestFactory
    Stream<DynamicNode> conformance() {
        return ConformanceTests.of(Backends.present()::open, tested -> false);
    }

    /**
     * Graphics cards fill tiles in another order than processors, and attention takes keys otherwise: a tile of each shape, on
     * whatever device is there.
     */
    @TestFactory
    Stream<DynamicTest> whereThreadsRunSideBySide() {
        OpenClBackend backend = Backends.present();
        Hardware there = Hardware.find().usable().getFirst();
        Hardware card = new Hardware(there.platform(), there.id(), there.info(), there.identity(), there.flags(), there.subgroups(),
                true, there.dots(), there.alignment(), there.largestBlock());
        Device device = GpuDevices.of(new OpenClDriver(card, new KernelCache(Path.of("target/kernels")),
                Settings.of(Map.of()), false), () -> { });
        return Conformance.cases().stream().filter(tested -> tested.name().matches("matMul F32 (5×1×17|64×64×64|65×127×17).*"
                        + "|attention (one query, context 300|a prompt from place 200 on, .*×(33|64)$).*"))
                .map(tested -> dynamicTest(tested.name(), () -> assertThat(Conformance.run(device, tested).message()).isEmpty()))
                .onClose(() -> {
                    device.close();
                    backend.deactivate();
                });
    }
}
