package org.intarsia.backend.cpu;

import java.util.stream.Stream;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.DynamicNode;
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
}
