package org.intarsia.backend.testkit.cases;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Elementwise;

/** Core ops that work element by element, with all ways to broadcast. */
final class ElementwiseCases {
    private static final long[][][] PAIRS = {
            {{5}, {5}}, {{17}, {}}, {{}, {33}}, {{65}, {1}}, {{1}, {7}}, {{3, 5}, {5}}, {{3, 17}, {3, 1}}, {{63}, {3, 1}},
            {{1, 31}, {7, 1}}, {{2, 3, 33}, {3, 1}}, {{2, 1, 5}, {1, 3, 1}}, {{2, 3, 4, 5}, {3, 1, 1}},
            {{4, 1, 1, 7}, {1, 3, 2, 7}}, {{2, 1, 3, 1, 5}, {1, 4, 1, 2, 5}}, {{127, 65}, {65}}, {{257, 33}, {257, 33}}};

    private ElementwiseCases() {
    }

    static void addTo(Catalogue all) {
        unary(all, Elementwise.NEG, Tolerance.exact(), -4, 4);
        unary(all, Elementwise.EXP, Tolerance.of(4), -6, 6);
        unary(all, Elementwise.LOG, Tolerance.of(4), 0.05, 9);
        unary(all, Elementwise.SQRT, Tolerance.of(2), 0.05, 9);
        unary(all, Elementwise.SIN, Tolerance.of(8), -12, 12);
        unary(all, Elementwise.COS, Tolerance.of(8), -12, 12);
        unary(all, Elementwise.TANH, Tolerance.of(8), -2, 2);
        edges(all, Elementwise.EXP, Tolerance.of(8), -1e4, -104, -88, -1e-6, -0.0, 0, 1e-6, 1, 88, 89, 1e4);
        edges(all, Elementwise.LOG, Tolerance.of(4), 0, 1e-30, 0.9999, 1, 1.0001, 1e30);
        edges(all, Elementwise.SQRT, Tolerance.of(2), 0, 1e-30, 1, 4, 1e30);
        edges(all, Elementwise.SIN, Tolerance.of(300), 0, 1e-6, 3.14159, 100, -1000);
        edges(all, Elementwise.COS, Tolerance.of(300), 0, 1e-6, 1.5708, 100, -1000);
        edges(all, Elementwise.TANH, Tolerance.of(8), -100, -9, -1e-4, 0, 1e-4, 9, 100);

        for (Elementwise op : new Elementwise[] {Elementwise.ADD, Elementwise.SUB, Elementwise.MUL, Elementwise.DIV, Elementwise.MAX}) {
            // A divisor stays away from zero, so that the quotients' root mean square says something.
            Draft.Draw second = op == Elementwise.DIV ? Draft.uniform(0.5, 2) : Draft.normal();
            for (long[][] pair : PAIRS) {
                // The gradient of an operand that was repeated is a sum.
                double repeated = (double) count(pair) / Math.min(elements(pair[0]), elements(pair[1]));
                Tolerance tolerance = op == Elementwise.MAX ? Tolerance.exact() : Tolerance.of(2 + Math.sqrt(repeated));
                all.smooth(op.kind(), name(pair), tolerance, d -> d.graph.add(op,
                        d.input("a", TensorType.f32(pair[0]), Draft.normal()),
                        d.weight("b", TensorType.f32(pair[1]), second)));
            }
        }
        for (long[][] pair : PAIRS) {
            for (Elementwise op : new Elementwise[] {Elementwise.LESS, Elementwise.EQUAL}) {
                all.value(op.kind(), name(pair), Tolerance.exact(), d -> d.graph.add(op,
                        d.input("a", TensorType.f32(pair[0]), Draft.integers(-2, 3)),
                        d.weight("b", TensorType.f32(pair[1]), Draft.integers(-2, 3))));
            }
            all.smooth("select", name(pair), Tolerance.exact(), d -> d.graph.select(
                    d.input("condition", TensorType.i32(pair[1]), Draft.integers(-1, 2)),
                    d.input("then", pair[0]), d.weight("otherwise", pair[1])));
        }
        all.smooth("select", "between scalars", Tolerance.exact(), d -> d.graph.select(
                d.indices("condition", 2, 5, 17), d.input("then"), d.weight("otherwise", 1)));
        integers(all);
        all.smooth("mul", "an operand twice", Tolerance.of(4), d -> {
            Node x = d.input("x", 5, 33);
            return d.graph.mul(x, x);
        });
    }

    private static void unary(Catalogue all, Elementwise op, Tolerance tolerance, double low, double high) {
        for (long length : Catalogue.LENGTHS) {
            all.smooth(op.kind(), Catalogue.by(length), tolerance,
                    d -> d.graph.add(op, d.weight("x", TensorType.f32(length), Draft.uniform(low, high))));
        }
        for (long[] sizes : new long[][] {{}, {3, 5}, {2, 3, 7}, {10_007}, {65, 129}}) {
            all.smooth(op.kind(), "input " + Catalogue.by(sizes), tolerance,
                    d -> d.graph.add(op, d.input("x", TensorType.f32(sizes), Draft.uniform(low, high))));
        }
    }

    /** Each edge in a tensor of its own, so that large results do not hide small ones, and in a vector's every lane. */
    private static void edges(Catalogue all, Elementwise op, Tolerance tolerance, double... edges) {
        Draft draft = new Draft(op.kind() + " edges");
        Map<String, Node> outputs = new LinkedHashMap<>();
        for (double edge : edges) {
            double[] values = IntStream.range(0, 19).mapToDouble(i -> (float) edge).toArray();
            outputs.put("at " + edge, draft.graph.add(op, draft.weight("x" + edge, TensorType.f32(19), values)));
        }
        all.add(draft.ask(op.kind(), tolerance, outputs));
    }

    private static void integers(Catalogue all) {
        for (Elementwise op : new Elementwise[] {Elementwise.ADD, Elementwise.SUB, Elementwise.MUL, Elementwise.DIV,
                Elementwise.MAX, Elementwise.LESS, Elementwise.EQUAL}) {
            for (long[][] pair : new long[][][] {{{5}, {5}}, {{65}, {}}, {{3, 1}, {1, 17}}, {{33, 7}, {7}}}) {
                all.value(op.kind(), "I32 " + name(pair), Tolerance.exact(), d -> d.graph.add(op,
                        d.input("a", TensorType.i32(pair[0]), Draft.integers(-40, 40)),
                        d.weight("b", TensorType.i32(pair[1]), Draft.integers(1, 9))));
            }
        }
        all.value("select", "I32 5×17", Tolerance.exact(), d -> d.graph.select(d.indices("condition", 2, 5, 1),
                d.weight("then", new TensorType(Shape.of(5, 17), Encoding.I32), Draft.integers(-9, 9)),
                d.indices("otherwise", 9, 17)));
    }

    private static String name(long[][] pair) {
        return Catalogue.by(pair[0]) + " with " + Catalogue.by(pair[1]);
    }

    private static long elements(long[] sizes) {
        return Shape.of(sizes).elements();
    }

    private static long count(long[][] pair) {
        long count = 1;
        for (int back = 1; back <= Math.max(pair[0].length, pair[1].length); back++) {
            long a = back <= pair[0].length ? pair[0][pair[0].length - back] : 1;
            long b = back <= pair[1].length ? pair[1][pair[1].length - back] : 1;
            count *= Math.max(a, b);
        }
        return count;
    }
}
