package org.intarsia.backend.testkit.cases;

import java.util.SplittableRandom;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Matrix products: every transposition, odd sizes, broadcast batches, encoded weights. */
final class MatMulCases {
    /** m, k, n. */
    private static final long[][] SIZES = {{1, 1, 1}, {1, 7, 1}, {1, 64, 33}, {1, 257, 127}, {2, 31, 5}, {3, 5, 7}, {3, 128, 96},
            {5, 1, 17}, {6, 16, 16}, {7, 3, 1}, {16, 16, 16}, {17, 33, 31}, {31, 17, 65}, {33, 65, 7}, {63, 5, 63}, {64, 64, 64},
            {65, 127, 17}};
    /** Large enough that a device may share the work out, with rests on every side. */
    private static final long[][] LARGE = {{129, 257, 131}, {1, 700, 1031}, {260, 300, 70}, {37, 1500, 29}, {2, 300, 1031},
            {3, 515, 300}, {4, 129, 640}};
    /** Few rows of a depth that can be read in large pieces, with a rest and without. */
    private static final long[][] DEEP = {{1, 1024, 33}, {2, 264, 17}, {3, 1032, 5}, {4, 512, 70}};
    private static final boolean[] BOTH = {false, true};

    private MatMulCases() {
    }

    static void addTo(Catalogue all) {
        for (long[] size : SIZES) {
            for (boolean transposeA : BOTH) {
                for (boolean transposeB : BOTH) {
                    product(all, size, transposeA, transposeB, Encoding.F32);
                    product(all, size, transposeA, transposeB, Encoding.BF16);
                    product(all, size, transposeA, transposeB, Encoding.F16);
                }
            }
        }
        for (long[] size : LARGE) {
            product(all, size, false, true, Encoding.F32);
            product(all, size, false, false, Encoding.F32);
            product(all, size, true, false, Encoding.F32);
            product(all, size, false, true, Encoding.BF16);
            product(all, size, false, true, Encoding.F16);
        }
        for (long[] size : DEEP) {
            for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16, Encoding.F16}) {
                product(all, size, false, true, encoding);
            }
        }
        batched(all, new long[] {3, 5, 7}, new long[] {3, 7, 4}, false);
        batched(all, new long[] {3, 5, 7}, new long[] {7, 17}, false);
        batched(all, new long[] {5, 7}, new long[] {2, 7, 33}, false);
        batched(all, new long[] {2, 1, 17, 5}, new long[] {1, 3, 5, 9}, false);
        batched(all, new long[] {2, 3, 1, 9}, new long[] {2, 1, 6, 9}, true);
        batched(all, new long[] {2, 2, 4, 5, 8}, new long[] {2, 2, 1, 13, 8}, true);
        batched(all, new long[] {1, 33, 31}, new long[] {4, 65, 31}, true);
        batched(all, new long[] {24, 17, 8}, new long[] {24, 9, 8}, true);
        batched(all, new long[] {7, 16, 64}, new long[] {7, 16, 64}, true);
        all.smooth("matMul", "a matrix by itself", Tolerance.reduction(17), d -> {
            Node x = d.input("x", 17, 17);
            return d.graph.matMul(x, x, false, true);
        });
        all.smooth("matMul", "two inputs", Tolerance.reduction(33), d -> d.graph.matMul(d.input("a", 9, 33),
                d.input("b", 33, 20), false, false));
        sizes(all, "large by small", 1e20, 1e-20);
        sizes(all, "small by small", 1e-18, 1e-12);
        sizes(all, "large by large", 1e16, 1e18);
        for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16}) {
            all.value("matMul", encoding + " with what is not finite", Tolerance.reduction(35), d -> d.graph.matMul(
                    d.given("a", TensorType.f32(70, 35), MatMulCases::notFinite), d.weight("b", encoding, 40, 35), false, true));
        }
        all.smooth("matMul", "linear 2×5×17 to 31", Tolerance.reduction(17), d -> d.graph.linear(d.input("x", 2, 5, 17),
                d.weight("weight", Encoding.BF16, 31, 17)));
    }

    private static void product(Catalogue all, long[] size, boolean transposeA, boolean transposeB, Encoding encoding) {
        long m = size[0];
        long k = size[1];
        long n = size[2];
        String name = encoding + " " + Catalogue.by(size) + (transposeA ? " a transposed" : "")
                + (transposeB ? " b transposed" : "");
        // Gradients sum over m and n instead of k.
        all.smooth("matMul", name, Tolerance.reduction(Math.max(k, Math.max(m, n) / 16)), d -> d.graph.matMul(
                transposeA ? d.input("a", k, m) : d.input("a", m, k),
                transposeB ? d.weight("b", encoding, n, k) : d.weight("b", encoding, k, n), transposeA, transposeB));
    }

    /** Far from 1, where less than F32 would end. */
    private static void sizes(Catalogue all, String name, double a, double b) {
        for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16}) {
            all.value("matMul", encoding + " " + name, Tolerance.reduction(70), d -> d.graph.matMul(
                    d.input("a", TensorType.f32(33, 70), Draft.uniform(-a, a)),
                    d.weight("b", new TensorType(Shape.of(35, 70), encoding), Draft.uniform(-b, b)), false, true));
        }
    }

    /** An infinity and not-a-number in rows of their own: all others must stay as they are. */
    private static double[] notFinite(int step, Shape shape, SplittableRandom random) {
        double[] values = Draft.normals(step, shape, random);
        values[0] = Double.POSITIVE_INFINITY;
        values[5 * 35 + 7] = Double.NEGATIVE_INFINITY;
        values[66 * 35 + 34] = Double.NaN;
        return values;
    }

    private static void batched(Catalogue all, long[] a, long[] b, boolean transposeB) {
        for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16}) {
            all.smooth("matMul", encoding + " " + Catalogue.by(a) + " by " + Catalogue.by(b) + (transposeB ? " transposed" : ""),
                    Tolerance.reduction(a[a.length - 1]),
                    d -> d.graph.matMul(d.input("a", a), d.weight("b", encoding, b), false, transposeB));
        }
    }
}
