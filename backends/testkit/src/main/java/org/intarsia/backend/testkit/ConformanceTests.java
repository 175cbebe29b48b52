package org.intarsia.backend.testkit;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Outcome;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicNode;

/**
 * The suite as JUnit 5 tests, one container for each kind of op:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicNode> conformance() {
 *     return ConformanceTests.of(backend::open, tested -> false);
 * }
 * }</pre>
 */
public final class ConformanceTests {
    private ConformanceTests() {
    }

    /**
     * All cases and checks.
     *
     * @param open        opens a device; cases share one, which is closed with the stream
     * @param unsupported the cases that the backend declares not to support: these must be refused and all others must not
     */
    public static Stream<DynamicNode> of(Supplier<Device> open, Predicate<Case> unsupported) {
        Map<String, List<Case>> kinds = Conformance.cases().stream()
                .collect(Collectors.groupingBy(Case::kind, LinkedHashMap::new, Collectors.toList()));
        Device device = open.get();
        Function<Map.Entry<String, List<Case>>, DynamicNode> container = kind -> dynamicContainer(kind.getKey(),
                kind.getValue().stream().map(tested -> dynamicTest(tested.name(),
                        () -> verify(Conformance.run(device, tested), unsupported.test(tested)))));
        DynamicNode checks = dynamicContainer("device", Conformance.checks().stream()
                .map(check -> dynamicTest(check.name(), () -> verify(check.run(open), false))));
        return Stream.concat(kinds.entrySet().stream().map(container), Stream.of(checks)).onClose(device::close);
    }

    private static void verify(Outcome outcome, boolean unsupported) {
        if (unsupported) {
            Assertions.assertEquals(Outcome.Way.UNSUPPORTED, outcome.way(), outcome.name() + " is declared as unsupported");
        } else {
            Assertions.assertEquals("", outcome.message(), outcome.name());
        }
    }
}
