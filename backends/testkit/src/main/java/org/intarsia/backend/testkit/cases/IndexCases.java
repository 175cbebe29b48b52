package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Rows by number; indices repeat, so gradients add up. */
final class IndexCases {
    private IndexCases() {
    }

    static void addTo(Catalogue all) {
        long[][] tables = {{7}, {9, 1}, {7, 5}, {31, 17}, {64, 65}, {5, 3, 7}, {300, 33}};
        long[][] indices = {{}, {1}, {3}, {33}, {2, 3}, {3, 1, 5}};
        for (long[] table : tables) {
            for (long[] places : indices) {
                for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.F16, Encoding.BF16}) {
                    all.smooth("gather", encoding + " " + Catalogue.by(table) + " at " + Catalogue.by(places),
                            Tolerance.exact(), d -> d.graph.gather(d.weight("table", encoding, table),
                                    d.indices("indices", (int) table[0], places)));
                }
                long[] added = new long[places.length + table.length - 1];
                System.arraycopy(places, 0, added, 0, places.length);
                System.arraycopy(table, 1, added, places.length, table.length - 1);
                all.smooth("scatterAdd", Catalogue.by(places) + " into " + Catalogue.by(table), Tolerance.of(16),
                        d -> d.graph.scatterAdd(d.indices("indices", (int) table[0], places), d.input("rows", added), table[0]));
            }
        }
        all.value("gather", "I32 17×3 at 5", Tolerance.exact(), d -> d.graph.gather(
                d.weight("table", new TensorType(Shape.of(17, 3), Encoding.I32), Draft.integers(-99, 99)), d.indices("indices", 17, 5)));
        all.smooth("scatterAdd", "a thousand rows into 3×17", Tolerance.reduction(340), d -> d.graph.scatterAdd(
                d.indices("indices", 3, 1000), d.input("rows", 1000, 17), 3));
    }
}
