package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.testkit.Conformance;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every op against the float64 interpreter, on the best device that is there. */
class OpenClConformanceTest {

    @TestFactory
    Stream<DynamicNode> conformance() {
        return ConformanceTests.of(Backends.present()::open, tested -> false);
    }

    /** Else the suite would leave out the checks of it. */
    @Test
    void promisesTheSameBitsBesideOthers() {
        assertThat(Backends.present().devices().getFirst().features()).contains(Conformance.SAME_BITS_FROM_FIVE_ROWS);
    }

    /**
     * Graphics cards fill tiles in another order than processors, and attention takes keys otherwise: a tile of each shape, on
     * whatever device is there.
     */
    @TestFactory
    Stream<DynamicTest> whereThreadsRunSideBySide() {
        return pretending(true, Hardware::largestBlock, "matMul F32 (5×1×17|64×64×64|65×127×17).*"
                + "|attention (one query, context 300|a prompt from place 200 on, .*×(33|64)$).*"
                + "|boundedAttention window (60|130), cap .*(one query, context 300|a prompt from).*"
                + "|pagedAttention .*");
    }

    /** Where a kernel may see no more than 160 KiB of one array, all vocabularies are cut. */
    @TestFactory
    Stream<DynamicTest> vocabulariesInParts() {
        return pretending(false, there -> 160L << 10, ".*vocabulary.*");
    }

    /** The cases of these names, on a device that is in part another than it is. */
    private static Stream<DynamicTest> pretending(boolean sideBySide, ToLongFunction<Hardware> largestBlock, String names) {
        OpenClBackend backend = Backends.present();
        Hardware there = Hardware.find().usable().getFirst();
        Hardware other = new Hardware(there.platform(), there.id(), there.info(), there.identity(), there.flags(),
                there.subgroups(), sideBySide || there.sideBySide(), there.dots(), there.keepsKernels(), there.alignment(),
                largestBlock.applyAsLong(there));
        Device device = GpuDevices.of(new OpenClDriver(other, Optional.empty(),
                Settings.of(Map.of(), told -> { }), false), () -> { });
        return Conformance.cases().stream().filter(tested -> tested.name().matches(names))
                .map(tested -> dynamicTest(tested.name(), () -> assertThat(Conformance.run(device, tested).message()).isEmpty()))
                .onClose(() -> {
                    device.close();
                    backend.deactivate();
                });
    }
}
