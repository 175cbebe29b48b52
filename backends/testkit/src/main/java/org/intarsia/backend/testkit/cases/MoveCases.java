package org.intarsia.backend.testkit.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Move;

/** Ops that only move elements, in every encoding, and chains of them. */
final class MoveCases {
    private MoveCases() {
    }

    static void addTo(Catalogue all) {
        reshapes(all);
        permutations(all);
        broadcasts(all);
        slices(all);
        pads(all);
        concatenations(all);
        chains(all);
        for (Encoding encoding : new Encoding[] {Encoding.F16, Encoding.BF16, Encoding.I32}) {
            encoded(all, encoding);
        }
    }

    private static void reshapes(Catalogue all) {
        for (long[][] pair : new long[][][] {{{1}, {}}, {{15}, {3, 5}}, {{2, 3, 7}, {6, 7}}, {{4, 17}, {2, 2, 1, 17}}}) {
            all.smooth("reshape", Catalogue.by(pair[0]) + " to " + Catalogue.by(pair[1]), Tolerance.exact(),
                    d -> d.graph.reshape(d.weight("x", pair[0]), Shape.of(pair[1])));
        }
    }

    private static void permutations(Catalogue all) {
        for (long[] sizes : new long[][] {{3, 5}, {1, 17}, {64, 65}, {127, 33}, {2, 3, 5}, {7, 16, 9}, {31, 1, 33}, {2, 7, 3, 5},
                {1, 8, 17, 4}, {3, 4, 5, 64}}) {
            for (Integer[] order : orders(sizes.length)) {
                all.smooth("permute", Catalogue.by(sizes) + " by " + Arrays.toString(order), Tolerance.exact(),
                        d -> d.graph.permute(d.weight("x", sizes), order));
            }
        }
        all.smooth("permute", "2×3×4×5×6 by [3, 0, 4, 2, 1]", Tolerance.exact(),
                d -> d.graph.permute(d.input("x", 2, 3, 4, 5, 6), 3, 0, 4, 2, 1));
    }

    private static List<Integer[]> orders(int rank) {
        List<Integer[]> orders = new ArrayList<>();
        collect(new ArrayList<>(), rank, orders);
        return orders;
    }

    private static void collect(List<Integer> chosen, int rank, List<Integer[]> orders) {
        if (chosen.size() == rank) {
            orders.add(chosen.toArray(Integer[]::new));
        }
        for (int axis = 0; axis < rank; axis++) {
            if (!chosen.contains(axis)) {
                chosen.add(axis);
                collect(chosen, rank, orders);
                chosen.removeLast();
            }
        }
    }

    private static void broadcasts(Catalogue all) {
        for (long[][] pair : new long[][][] {{{}, {7}}, {{1}, {65}}, {{17}, {3, 17}}, {{5, 1}, {5, 33}}, {{1, 9}, {7, 9}},
                {{3, 1, 5}, {3, 4, 5}}, {{2, 1, 3, 1}, {2, 5, 3, 7}}, {{3, 1}, {2, 3, 31}}}) {
            double repeated = (double) Shape.of(pair[1]).elements() / Shape.of(pair[0]).elements();
            all.value("broadcast", Catalogue.by(pair[0]) + " to " + Catalogue.by(pair[1]), Tolerance.exact(),
                    d -> d.graph.broadcast(d.weight("x", pair[0]), Shape.of(pair[1])));
            all.smooth("broadcast", "input " + Catalogue.by(pair[0]) + " to " + Catalogue.by(pair[1]),
                    Tolerance.of(4 + Math.sqrt(repeated)), d -> d.graph.broadcast(d.input("x", pair[0]), Shape.of(pair[1])));
        }
    }

    private static void slices(Catalogue all) {
        long end = Move.Slice.END;
        slice(all, new long[] {17}, List.of(3L), List.of(end), List.of(1L));
        slice(all, new long[] {65}, List.of(0L), List.of(33L), List.of(1L));
        slice(all, new long[] {65}, List.of(1L), List.of(64L), List.of(3L));
        slice(all, new long[] {5, 7}, List.of(1L, 2L), List.of(4L, 7L), List.of(2L, 3L));
        slice(all, new long[] {3, 127}, List.of(0L, 63L), List.of(end, end), List.of(1L, 1L));
        slice(all, new long[] {2, 9, 5}, List.of(0L, 1L, 0L), List.of(end, 8L, end), List.of(1L, 2L, 1L));
        slice(all, new long[] {2, 3, 8, 9}, List.of(0L, 0L, 1L, 2L), List.of(end, end, 8L, 9L), List.of(1L, 1L, 2L, 2L));
        slice(all, new long[] {4, 1}, List.of(2L, 0L), List.of(3L, 1L), List.of(5L, 1L));
    }

    private static void slice(Catalogue all, long[] sizes, List<Long> start, List<Long> limit, List<Long> stride) {
        all.smooth("slice", Catalogue.by(sizes) + " from " + start + " to " + limit + " by " + stride, Tolerance.exact(),
                d -> d.graph.slice(d.weight("x", sizes), start, limit, stride));
    }

    private static void pads(Catalogue all) {
        pad(all, new long[] {5}, List.of(2L), List.of(3L), List.of(0L));
        pad(all, new long[] {17}, List.of(0L), List.of(0L), List.of(1L));
        pad(all, new long[] {1}, List.of(1L), List.of(0L), List.of(4L));
        pad(all, new long[] {3, 31}, List.of(0L, 1L), List.of(1L, 0L), List.of(2L, 0L));
        pad(all, new long[] {2, 3, 5}, List.of(1L, 0L, 2L), List.of(0L, 1L, 0L), List.of(0L, 1L, 3L));
        pad(all, new long[] {2, 3, 8, 9}, List.of(0L, 0L, 0L, 0L), List.of(0L, 0L, 1L, 1L), List.of(0L, 0L, 0L, 0L));
        pad(all, new long[] {2, 3, 4, 5}, List.of(0L, 0L, 1L, 1L), List.of(0L, 0L, 2L, 0L), List.of(0L, 0L, 1L, 1L));
    }

    private static void pad(Catalogue all, long[] sizes, List<Long> low, List<Long> high, List<Long> interior) {
        all.smooth("pad", Catalogue.by(sizes) + " by " + low + high + interior, Tolerance.exact(),
                d -> d.graph.pad(d.weight("x", sizes), low, high, interior));
    }

    private static void concatenations(Catalogue all) {
        for (int axis : new int[] {0, 1, 2, -1}) {
            for (int count : new int[] {2, 3}) {
                all.smooth("concat", count + " along " + axis, Tolerance.exact(), d -> {
                    Node[] parts = new Node[count];
                    for (int i = 0; i < count; i++) {
                        long[] sizes = {3, 5, 7};
                        sizes[axis < 0 ? axis + 3 : axis] += 4L * i;
                        parts[i] = i % 2 == 0 ? d.weight("x" + i, sizes) : d.input("x" + i, sizes);
                    }
                    return d.graph.concat(axis, parts);
                });
            }
        }
        all.smooth("concat", "the same operand twice", Tolerance.exact(), d -> {
            Node x = d.input("x", 3, 17);
            return d.graph.concat(1, x, x);
        });
        all.smooth("concat", "9 scalars in a row", Tolerance.exact(), d -> {
            Node[] parts = new Node[9];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = d.input("x" + i, 1);
            }
            return d.graph.concat(0, parts);
        });
    }

    /** What may be a view on some devices must be right as an operand of the next op, too. */
    private static void chains(Catalogue all) {
        all.smooth("composite", "views of views", Tolerance.exact(), d -> {
            GraphBuilder g = d.graph;
            Node x = g.reshape(d.input("x", 6, 35), Shape.of(2, 3, 5, 7));
            Node turned = g.permute(x, 2, 0, 3, 1);
            Node cut = g.slice(turned, List.of(1L, 0L, 0L, 0L), List.of(5L, 2L, 7L, 3L), List.of(2L, 1L, 3L, 1L));
            return g.neg(g.permute(g.reshape(cut, Shape.of(4, 9)), 1, 0));
        });
        all.smooth("composite", "a broadcast of a slice of a permutation", Tolerance.of(8), d -> {
            GraphBuilder g = d.graph;
            Node turned = g.permute(d.weight("x", 9, 17), 1, 0);
            Node column = g.slice(turned, 1, 4, 5);
            return g.mul(g.broadcast(column, Shape.of(17, 33)), d.input("y", 17, 33));
        });
        all.smooth("composite", "matMul of views", Tolerance.reduction(20), d -> {
            GraphBuilder g = d.graph;
            Node a = g.permute(g.reshape(d.input("a", 40, 3), Shape.of(2, 20, 3)), 0, 2, 1);
            Node b = g.slice(d.weight("b", 2, 25, 11), List.of(0L, 2L, 1L), List.of(2L, 22L, 11L), List.of(1L, 1L, 2L));
            return g.matMul(a, b, false, false);
        });
        all.smooth("composite", "reshape of an output that is asked for twice", Tolerance.exact(), d -> {
            Node x = d.graph.neg(d.input("x", 4, 9));
            return d.graph.reshape(d.graph.reshape(x, Shape.of(36)), Shape.of(6, 6));
        });
    }

    private static void encoded(Catalogue all, Encoding encoding) {
        Draft.Draw draw = encoding == Encoding.I32 ? Draft.integers(-1000, 1000) : Draft.normal();
        TensorType type = new TensorType(Shape.of(3, 7, 5), encoding);
        moved(all, "permute", type, draw, (g, x) -> g.permute(x, 2, 0, 1));
        moved(all, "reshape", type, draw, (g, x) -> g.reshape(x, Shape.of(15, 7)));
        moved(all, "slice", type, draw, (g, x) -> g.slice(x, List.of(0L, 1L, 0L), List.of(3L, 7L, 5L), List.of(1L, 2L, 3L)));
        moved(all, "pad", type, draw, (g, x) -> g.pad(x, List.of(1L, 0L, 0L), List.of(0L, 1L, 0L), List.of(0L, 0L, 1L)));
        moved(all, "concat", type, draw, (g, x) -> g.concat(1, x, x));
        moved(all, "broadcast", type, draw, (g, x) -> g.broadcast(x, Shape.of(2, 3, 7, 5)));
    }

    private interface Moving {
        Node apply(GraphBuilder g, Node x);
    }

    private static void moved(Catalogue all, String kind, TensorType type, Draft.Draw draw, Moving moving) {
        all.value(kind, type.encoding() + " 3×7×5", Tolerance.exact(),
                d -> d.graph.computed(moving.apply(d.graph, d.weight("x", type, draw))));
    }
}
