package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;

/** Root mean square, layer and group normalisation. */
final class NormalizeCases {
    private static final double EPSILON = 1e-5;

    private NormalizeCases() {
    }

    static void addTo(Catalogue all) {
        for (long length : Catalogue.LENGTHS) {
            for (long[] sizes : new long[][] {{length}, {3, length}, {2, 9, length}}) {
                String name = Catalogue.by(sizes);
                Tolerance tolerance = Tolerance.reduction(length);
                // One element normalises to its sign: its gradient is a difference of nearly equal numbers.
                if (length > 1) {
                    all.smooth("rmsNorm", name, tolerance, d -> d.graph.rmsNorm(d.input("x", sizes), d.weight("weight", length), EPSILON));
                } else {
                    all.value("rmsNorm", name, tolerance, d -> d.graph.rmsNorm(d.input("x", sizes), d.weight("weight", length), EPSILON));
                }
                // Two or three elements may lie so close together that the centred gradient has no digits left.
                if (length > 3) {
                    all.smooth("layerNorm", name, tolerance.times(4), d -> d.graph.layerNorm(d.input("x", sizes),
                            d.weight("weight", length), d.weight("bias", length), EPSILON));
                }
            }
        }
        all.smooth("rmsNorm", "500×96", Tolerance.reduction(500), d -> d.graph.rmsNorm(d.input("x", 500, 96), d.weight("weight", 96), EPSILON));
        for (Encoding encoding : new Encoding[] {Encoding.F16, Encoding.BF16}) {
            all.smooth("rmsNorm", encoding + " weight 3×33", Tolerance.reduction(33), d -> d.graph.rmsNorm(d.input("x", 3, 33),
                    d.weight("weight", encoding, 33), EPSILON));
            all.smooth("layerNorm", encoding + " weight 3×33", Tolerance.reduction(33), d -> d.graph.layerNorm(d.input("x", 3, 33),
                    d.weight("weight", encoding, 33), d.weight("bias", encoding, 33), EPSILON));
            all.smooth("groupNorm", encoding + " weight 2×6×5×3", Tolerance.reduction(45), d -> d.graph.groupNorm(
                    d.input("x", 2, 6, 5, 3), d.weight("weight", encoding, 6), d.weight("bias", encoding, 6), 2, EPSILON));
        }
        // A weight of its own for each head, as in the normalisation of queries and keys.
        for (long[] sizes : new long[][] {{2, 5, 3, 8}, {1, 7, 1, 64}, {3, 1, 4, 17}}) {
            all.smooth("layerNorm", "per head " + Catalogue.by(sizes), Tolerance.reduction(sizes[3]).times(2),
                    d -> d.graph.layerNorm(d.input("x", sizes), d.weight("weight", sizes[2], sizes[3]),
                            d.weight("bias", sizes[2], sizes[3]), EPSILON));
        }
        for (long[] sizes : new long[][] {{1, 4, 3, 3, 2}, {2, 6, 5, 7, 3}, {3, 8, 1, 9, 8}, {1, 32, 4, 4, 32}, {2, 33, 8, 8, 3},
                {1, 64, 16, 17, 32}, {2, 5, 3, 3, 1}}) {
            // One group of one channel of one pixel is zero, whatever it was.
            long joined = sizes[1] / sizes[4] * sizes[2] * sizes[3];
            all.smooth("groupNorm", Catalogue.by(sizes[0], sizes[1], sizes[2], sizes[3]) + " in " + sizes[4] + " groups",
                    Tolerance.reduction(joined), d -> d.graph.groupNorm(d.input("x", sizes[0], sizes[1], sizes[2], sizes[3]),
                            d.weight("weight", sizes[1]), d.weight("bias", sizes[1]), (int) sizes[4], 1e-6));
        }
        // So many elements that a device may share a group out, with a rest and without, and far from zero.
        for (long[] sizes : new long[][] {{1, 4, 64, 64, 2}, {2, 6, 61, 67, 2}, {1, 2, 128, 130, 1}}) {
            all.value("groupNorm", Catalogue.by(sizes[0], sizes[1], sizes[2], sizes[3]) + " in " + sizes[4] + " groups",
                    Tolerance.reduction(sizes[1] / sizes[4] * sizes[2] * sizes[3]), d -> d.graph.groupNorm(
                            d.input("x", TensorType.f32(sizes[0], sizes[1], sizes[2], sizes[3]), Draft.uniform(9, 11)),
                            d.weight("weight", sizes[1]), d.weight("bias", sizes[1]), (int) sizes[4], 1e-6));
        }
    }
}
