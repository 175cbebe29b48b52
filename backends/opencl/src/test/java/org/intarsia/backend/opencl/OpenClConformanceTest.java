package org.intarsia.backend.opencl;

import java.util.stream.Stream;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every op against the float64 interpreter, on the best device that is there. */
class OpenClConformanceTest {

    @TestFactory
    Stream<DynamicNode> conformance() {
        return ConformanceTests.of(Backends.present()::open, tested -> false);
    }
}
