package org.intarsia.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.backend.testkit.Conformance;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every op against the float64 interpreter, with both kinds of kernels. */
class CpuConformanceTest {

    @TestFactory
    Stream<DynamicNode> withVectors() {
        return ConformanceTests.of(new CpuBackend()::open, tested -> false);
    }

    @TestFactory
    Stream<DynamicNode> withoutVectors() {
        return ConformanceTests.of(new CpuBackend(Kernels.SCALAR)::open, tested -> false);
    }

    /** Else the suite would leave out the checks of it. */
    @Test
    void promisesTheSameBitsBesideOthers() {
        assertThat(new CpuBackend().info().features())
                .contains(Conformance.SAME_BITS_FOR_ANY_THREADS, Conformance.SAME_BITS_BESIDE_OTHERS);
    }
}
