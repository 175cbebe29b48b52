package org.intarsia.backend.vulkan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.gpu.GpuDevices;
import org.intarsia.backend.testkit.Conformance;
import org.intarsia.backend.testkit.ConformanceTests;
import org.intarsia.backend.testkit.suite.Case;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every op against the float64 interpreter, on the best device that is there. */
class VulkanConformanceTest {
    private static final long NARROW = 160 << 10;

    @TempDir
    private static Path cache;
    private static Watched watched;

    @BeforeAll
    static void find() {
        watched = new Watched(cache);
    }

    @TestFactory
    Stream<DynamicNode> conformance() {
        return ConformanceTests.of(watched::open, tested -> false);
    }

    /** Else the suite would leave out the checks of it. */
    @Test
    void promisesTheSameBitsBesideOthers() {
        assertThat(watched.backend().devices().getFirst().features()).contains(Conformance.SAME_BITS_FROM_FIVE_ROWS);
    }

    /**
     * What is chosen otherwise where a device can do less, or more: joining by memory that a group shares, tiles without
     * cooperative matrices, and the instruction for products of bytes.
     */
    @TestFactory
    Stream<DynamicTest> otherKernels() {
        Set<String> reductions = Set.of("sum", "maxReduce", "softmax", "softmaxGradient", "rmsNorm", "layerNorm", "groupNorm",
                "normalizeGradient", "crossEntropy", "crossEntropyGradient", "attention", "boundedAttention", "pagedAttention",
                "matMul");
        Watched plain = new Watched(new Settings("", cache, true, false, Optional.of(false), Optional.of(true)));
        return passed(plain.open(), tested -> reductions.contains(tested.kind())).onClose(plain::close);
    }

    /** Where a kernel may see no more than {@value #NARROW} bytes of one array, all vocabularies are cut. */
    @TestFactory
    Stream<DynamicTest> vocabulariesInParts() {
        Device narrow = GpuDevices.of(watched.narrowDriver(NARROW), () -> { });
        return passed(narrow, tested -> tested.name().contains("vocabulary")).onClose(narrow::close);
    }

    private static Stream<DynamicTest> passed(Device device, Predicate<Case> chosen) {
        return Conformance.cases().stream().filter(chosen).map(tested ->
                dynamicTest(tested.name(), () -> assertThat(Conformance.run(device, tested).message()).isEmpty()));
    }

    @AfterAll
    static void close() {
        // There is none where no device was found.
        if (watched != null) {
            watched.close();
        }
    }
}
