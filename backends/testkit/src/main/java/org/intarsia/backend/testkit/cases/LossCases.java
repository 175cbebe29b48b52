package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.TensorType;

/** Cross-entropy and the nearest code of a codebook. */
final class LossCases {
    private LossCases() {
    }

    static void addTo(Catalogue all) {
        for (long[] sizes : new long[][] {{1, 2}, {3, 5}, {5, 17}, {33, 7}, {7, 127}, {2, 1000}, {130, 65}, {300, 257}}) {
            for (double zLoss : new double[] {0, 1e-4, 0.1}) {
                all.smooth("crossEntropy", Catalogue.by(sizes) + " z-loss " + zLoss, Tolerance.reduction(sizes[1]).times(2),
                        d -> d.graph.crossEntropy(d.input("logits", sizes), d.indices("target", (int) sizes[1], sizes[0]), zLoss));
            }
        }
        all.value("crossEntropy", "wide 9×33", Tolerance.of(32), d -> d.graph.crossEntropy(
                d.input("logits", TensorType.f32(9, 33), Draft.integers(-400, 400)), d.indices("target", 33, 9), 1e-4));
        // rows, codes, length
        for (long[] sizes : new long[][] {{1, 1, 1}, {3, 5, 7}, {17, 31, 4}, {65, 16, 17}, {7, 257, 33}, {130, 100, 8}}) {
            String name = Catalogue.by(sizes[0], sizes[2]) + " among " + sizes[1];
            all.value("nearestCode", name, Tolerance.exact(), d -> d.graph.nearestCode(d.input("x", sizes[0], sizes[2]),
                    d.weight("codes", sizes[1], sizes[2])));
            // Small whole numbers are computed exactly in any order, and many codes are equally near: the first one counts.
            all.value("nearestCode", "ties " + name, Tolerance.exact(), d -> d.graph.nearestCode(
                    d.input("x", TensorType.f32(sizes[0], sizes[2]), Draft.integers(-1, 2)),
                    d.weight("codes", TensorType.f32(sizes[1], sizes[2]), Draft.integers(-1, 2))));
        }
    }
}
