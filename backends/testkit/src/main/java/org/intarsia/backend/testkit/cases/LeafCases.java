package org.intarsia.backend.testkit.cases;

import java.util.stream.LongStream;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Values that come from nowhere: constants, iota, random numbers. */
final class LeafCases {
    private LeafCases() {
    }

    static void addTo(Catalogue all) {
        for (long size : new long[] {1, 5, 17, 64, 127}) {
            all.value("constant", "splat " + size, Tolerance.exact(), d -> d.graph.constant(TensorType.f32(size), 1.5));
            all.value("constant", "values " + size, Tolerance.exact(), d -> d.graph.constant(TensorType.f32(size),
                    LongStream.range(0, size).mapToDouble(i -> i * 0.25 - 3).toArray()));
            all.value("constant", "integers " + size, Tolerance.exact(), d -> d.graph.constant(TensorType.i32(size),
                    LongStream.range(0, size).mapToDouble(i -> i - 3).toArray()));
        }
        all.value("constant", "scalar", Tolerance.exact(), d -> d.graph.scalar(-0.75));
        for (long[] sizes : new long[][] {{7}, {3, 5}, {2, 3, 17}, {1, 65}}) {
            for (int axis = 0; axis < sizes.length; axis++) {
                int along = axis;
                for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.I32}) {
                    all.value("iota", encoding + " " + Catalogue.by(sizes) + " along " + along, Tolerance.exact(),
                            d -> d.graph.iota(new TensorType(Shape.of(sizes), encoding), along));
                }
            }
        }
        for (long[] sizes : new long[][] {{}, {1}, {17}, {3, 65}, {2, 5, 31}}) {
            all.value("random", Catalogue.by(sizes), Tolerance.exact(), d -> d.runs(2).graph.random(Shape.of(sizes),
                    d.input("key", TensorType.i32(), Draft.integers(Integer.MIN_VALUE, Integer.MAX_VALUE))));
        }
    }
}
