package org.intarsia.backend.vulkan;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.intarsia.backend.testkit.ConformanceTests;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every op against the float64 interpreter, on the best device that is there. */
class VulkanConformanceTest {
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

    @AfterAll
    static void close() {
        // There is none where no device was found.
        if (watched != null) {
            watched.close();
        }
    }
}
