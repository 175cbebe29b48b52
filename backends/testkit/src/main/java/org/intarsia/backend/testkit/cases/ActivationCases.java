package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.TensorType;

/** Fused non-linearities and softmax. */
final class ActivationCases {
    private ActivationCases() {
    }

    static void addTo(Catalogue all) {
        Tolerance few = Tolerance.of(16);
        for (long length : Catalogue.LENGTHS) {
            for (long[] sizes : new long[][] {{length}, {3, length}}) {
                String name = Catalogue.by(sizes);
                all.smooth("silu", name, few, d -> d.graph.silu(d.weight("x", TensorType.f32(sizes), Draft.uniform(-8, 8))));
                all.smooth("gelu", name, few, d -> d.graph.gelu(d.input("x", TensorType.f32(sizes), Draft.uniform(-6, 6))));
                all.smooth("swiGlu", name, few, d -> d.graph.swiGlu(d.input("gate", TensorType.f32(sizes), Draft.uniform(-8, 8)),
                        d.weight("up", sizes)));
                if (length > 1) {
                    all.smooth("softmax", name, Tolerance.reduction(length).times(2), d -> d.graph.softmax(d.weight("x", sizes)));
                }
            }
        }
        all.value("softmax", "of one element", Tolerance.of(4), d -> d.graph.softmax(d.input("x", 5, 1)));
        all.value("silu", "far out", few, d -> d.graph.silu(
                d.input("x", TensorType.f32(65), Draft.integers(-200, 200))));
        all.value("gelu", "far out", few, d -> d.graph.gelu(
                d.input("x", TensorType.f32(65), Draft.integers(-200, 200))));
        all.smooth("silu", "10007", few, d -> d.graph.silu(d.input("x", 10_007)));
        // Scores that differ by hundreds: most vanish, none overflows.
        for (long[] sizes : new long[][] {{7, 33}, {2, 3, 65}, {300, 17}}) {
            all.value("softmax", "wide " + Catalogue.by(sizes), few, d -> d.graph.softmax(
                    d.input("x", TensorType.f32(sizes), Draft.integers(-500, 500))));
            all.value("softmax", "masked " + Catalogue.by(sizes), Tolerance.reduction(sizes[sizes.length - 1]).times(2),
                    d -> d.graph.softmax(d.graph.select(d.indices("mask", 2, sizes), d.graph.scalar(-1e30), d.input("x", sizes))));
        }
    }
}
