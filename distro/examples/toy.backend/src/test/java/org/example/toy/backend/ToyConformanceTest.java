package org.example.toy.backend;

import java.util.stream.Stream;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Everything that Intarsia promises of a backend. */
class ToyConformanceTest {

    @TestFactory
    Stream<DynamicNode> conformance() {
        return ConformanceTests.of(new ToyBackend()::open, tested -> false);
    }
}
