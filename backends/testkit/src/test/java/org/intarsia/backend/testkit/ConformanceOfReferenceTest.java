package org.intarsia.backend.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.graph.op.Elementwise;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A device that is as right as float32 can be passes everything, and the suite covers every op. */
class ConformanceOfReferenceTest {

    @TestFactory
    Stream<DynamicNode> aRightDevicePasses() {
        return ConformanceTests.of(ReferenceDevice::new, tested -> false);
    }

    @Test
    void everyOpIsTested() {
        Set<String> tested = Conformance.cases().stream().map(Case::kind).collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).containsAll(Arrays.stream(Elementwise.values()).map(Elementwise::kind).toList())
                .contains("constant", "iota", "random", "cast", "sum", "maxReduce", "argMax", "reshape", "permute", "broadcast",
                        "slice", "pad", "concat", "gather", "scatterAdd", "matMul", "assign", "rmsNorm", "layerNorm",
                        "groupNorm", "softmax", "rope", "attention", "boundedAttention", "swiGlu", "silu", "gelu", "conv2d", "upsample",
                        "crossEntropy", "stateAppend", "nearestCode");
        Set<String> inside = Conformance.cases().stream().flatMap(each -> each.graph().nodes().stream())
                .map(node -> node.op().kind()).collect(Collectors.toSet());
        assertThat(inside).contains("input", "parameter", "state", "siluGradient", "softmaxGradient", "normalizeGradient",
                "crossEntropyGradient", "conv2dWeightGradient");
    }

    @Test
    void casesAreTheSameEachTime() {
        List<Case> first = Conformance.cases();
        List<Case> second = Conformance.cases();
        assertThat(second).extracting(Case::name).isEqualTo(first.stream().map(Case::name).toList()).doesNotHaveDuplicates();
        for (int i = 0; i < first.size(); i += 37) {
            assertThat(flat(second.get(i))).isEqualTo(flat(first.get(i)));
        }
    }

    private static Map<String, List<Double>> flat(Case made) {
        return made.steps().getFirst().inputs().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                entry -> Arrays.stream(entry.getValue()).boxed().toList()));
    }
}
