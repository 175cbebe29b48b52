package org.intarsia.backend.testkit.cases;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Sums and largest elements over every set of axes. */
final class ReduceCases {
    private static final long[][] SHAPES = {{1}, {3}, {17}, {33}, {65}, {127}, {10_007}, {1, 7}, {5, 1}, {3, 17}, {64, 65},
            {257, 33}, {2, 3, 5}, {7, 1, 31}, {2, 3, 4, 5}, {3, 17, 5, 9}};

    private ReduceCases() {
    }

    static void addTo(Catalogue all) {
        for (long[] sizes : SHAPES) {
            for (int set = 1; set < 1 << sizes.length; set++) {
                int chosen = set;
                int[] axes = IntStream.range(0, sizes.length).filter(axis -> (chosen >> axis & 1) == 1).toArray();
                long joined = Arrays.stream(axes).mapToLong(axis -> sizes[axis]).reduce(1, (a, b) -> a * b);
                String name = Catalogue.by(sizes) + " over " + Arrays.toString(axes);
                all.smooth("sum", name, Tolerance.reduction(joined), d -> d.graph.sum(d.weight("x", sizes), axes));
                all.smooth("maxReduce", name, Tolerance.exact(), d -> d.graph.maxReduce(d.input("x", sizes), axes));
            }
            for (int axis = 0; axis < sizes.length; axis++) {
                int along = axis;
                all.value("argMax", Catalogue.by(sizes) + " over " + axis, Tolerance.exact(),
                        d -> d.graph.argMax(d.weight("x", sizes), along));
                // Few different values: the first of several equal ones counts.
                all.value("argMax", "ties " + Catalogue.by(sizes) + " over " + axis, Tolerance.exact(), d -> d.graph.argMax(
                        d.input("x", TensorType.f32(Shape.of(sizes)), Draft.integers(-1, 2)), along));
            }
        }
        all.smooth("maxReduce", "ties 5×33 over [1]", Tolerance.exact(), d -> d.graph.maxReduce(
                d.input("x", TensorType.f32(5, 33), Draft.integers(-1, 2)), 1));
        all.value("maxReduce", "all negative 3×65", Tolerance.exact(), d -> d.graph.maxReduce(
                d.weight("x", TensorType.f32(3, 65), Draft.uniform(-9, -8)), 1));
    }
}
