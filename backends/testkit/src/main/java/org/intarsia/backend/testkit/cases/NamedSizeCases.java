package org.intarsia.backend.testkit.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Move;

/** One plan, run for several values of a named size: its bound, 1, odd ones, and its bound again. */
final class NamedSizeCases {
    private static final long BOUND = 19;

    private NamedSizeCases() {
    }

    static void addTo(Catalogue all) {
        one(all, "add", Tolerance.of(4), d -> d.graph.add(rows(d, "x", 5), d.weight("b", 5)));
        one(all, "mul", Tolerance.of(4), d -> d.graph.mul(rows(d, "x", 7), d.graph.exp(rows(d, "y", 1))));
        one(all, "sum", Tolerance.reduction(BOUND), d -> d.graph.sum(rows(d, "x", 7), 0));
        one(all, "maxReduce", Tolerance.exact(), d -> d.graph.maxReduce(rows(d, "x", 33), 1));
        one(all, "argMax", Tolerance.exact(), d -> d.graph.argMax(rows(d, "x", 33), 1));
        one(all, "permute", Tolerance.exact(), d -> d.graph.permute(rows(d, "x", 3, 5), 1, 2, 0));
        one(all, "reshape", Tolerance.exact(), d -> d.graph.neg(d.graph.reshape(rows(d, "x", 3, 5),
                Shape.of(d.length(BOUND).times(Dim.fixed(15))))));
        one(all, "broadcast", Tolerance.exact(), d -> d.graph.broadcast(d.weight("x", 1, 7), Shape.of(d.length(BOUND), Dim.fixed(7))));
        one(all, "slice", Tolerance.exact(), d -> d.graph.slice(rows(d, "x", 9), List.of(0L, 1L),
                List.of(Move.Slice.END, 8L), List.of(1L, 3L)));
        one(all, "pad", Tolerance.exact(), d -> d.graph.pad(rows(d, "x", 4), List.of(0L, 1L), List.of(0L, 2L), List.of(0L, 1L)));
        one(all, "concat", Tolerance.exact(), d -> d.graph.concat(1, rows(d, "x", 3), rows(d, "y", 6)));
        one(all, "cast", Tolerance.exact(), d -> d.graph.cast(numbers(d, "x", 100), Encoding.F32));
        one(all, "iota", Tolerance.exact(), d -> d.graph.iota(TensorType.i32(Shape.of(d.length(BOUND), Dim.fixed(3))), 0));
        one(all, "constant", Tolerance.exact(), d -> d.graph.constant(TensorType.f32(Shape.of(d.length(BOUND))), 2.5));
        one(all, "random", Tolerance.exact(), d -> d.graph.random(Shape.of(d.length(BOUND), Dim.fixed(3)),
                d.indices("key", 1 << 30)));
        for (Encoding encoding : new Encoding[] {Encoding.F32, Encoding.BF16}) {
            one(all, "gather " + encoding, Tolerance.exact(), d -> d.graph.gather(d.weight("table", encoding, 31, 17), numbers(d, "indices", 31)));
            one(all, "matMul " + encoding, Tolerance.reduction(33), d -> d.graph.linear(rows(d, "x", 33), d.weight("weight", encoding, 65, 33)));
        }
        one(all, "matMul inner", Tolerance.reduction(BOUND), d -> d.graph.matMul(rows(d, "a", 5), rows(d, "b", 9), true, false));
        one(all, "matMul columns", Tolerance.reduction(17), d -> d.graph.matMul(d.weight("a", 5, 17), rows(d, "b", 17), false, true));
        one(all, "scatterAdd", Tolerance.of(32), d -> d.graph.scatterAdd(numbers(d, "indices", 5), rows(d, "rows", 7), 5));
        one(all, "rmsNorm", Tolerance.reduction(33), d -> d.graph.rmsNorm(rows(d, "x", 33), d.weight("weight", 33), 1e-5));
        one(all, "layerNorm", Tolerance.reduction(17).times(2), d -> d.graph.layerNorm(rows(d, "x", 3, 17), d.weight("weight", 3, 17),
                d.weight("bias", 3, 17), 1e-5));
        one(all, "softmax", Tolerance.reduction(33), d -> d.graph.softmax(rows(d, "x", 33)));
        one(all, "softmax over it", Tolerance.reduction(BOUND), d -> d.graph.softmax(d.graph.permute(rows(d, "x", 5), 1, 0)));
        one(all, "swiGlu", Tolerance.of(16), d -> d.graph.swiGlu(rows(d, "gate", 31), rows(d, "up", 31)));
        one(all, "gelu", Tolerance.of(16), d -> d.graph.gelu(rows(d, "x", 31)));
        one(all, "crossEntropy", Tolerance.reduction(33), d -> d.graph.crossEntropy(rows(d, "logits", 33), numbers(d, "target", 33), 1e-3));
        one(all, "rope", Tolerance.of(64), d -> d.graph.rope(sequences(d, "x", 3, 8), positions(d, 30), Draft.frequencies(8)));
        one(all, "attention", Tolerance.reduction(40), d -> d.graph.causalAttention(sequences(d, "q", 4, 8),
                sequences(d, "k", 2, 8), sequences(d, "v", 2, 8), positions(d, 0), 0.35));
        one(all, "attention over a cache", Tolerance.reduction(40), d -> d.graph.causalAttention(sequences(d, "q", 4, 8),
                d.weight("k", 2, 40, 2, 8), d.weight("v", 2, 40, 2, 8), positions(d, 20), 0.35));
        for (long size : new long[] {16, 9}) {
            one(all, "attention over a long cache, heads of " + size, Tolerance.reduction(300).times(2), d ->
                    d.graph.causalAttention(sequences(d, "q", 8, size), d.weight("k", 2, 300, 2, size),
                            d.weight("v", 2, 300, 2, size), positions(d, 250), 1 / Math.sqrt(size)));
        }
        for (long context : new long[] {40, 300}) {
            one(all, "boundedAttention over a cache of " + context, Tolerance.reduction(context).times(4), d -> d.graph.add(
                    new Attention(0.35, true, 18, 1.5), sequences(d, "q", 4, 8), d.weight("k", 2, context, 2, 8),
                    d.weight("v", 2, context, 2, 8), positions(d, (int) context - 20)));
        }
        all.add(longContext());
        all.add(prefill());
    }

    private static void one(Catalogue all, String name, Tolerance tolerance, Function<Draft, Node> body) {
        all.add(draft("named size " + name, body, name.split(" ")[0], tolerance));
    }

    private static Case draft(String name, Function<Draft, Node> body, String kind, Tolerance tolerance) {
        Draft d = steps(new Draft(name));
        return d.ask(kind, tolerance, Map.of("y", body.apply(d)));
    }

    private static Draft steps(Draft d) {
        return d.step("length", BOUND).step("length", 1).step("length", 7).step("length", 16).step("length", BOUND);
    }

    /** (length, tail…) */
    private static Node rows(Draft d, String name, long... tail) {
        return d.given(name, TensorType.f32(Shape.of(d.length(BOUND)).concat(Shape.of(tail))), Draft::normals);
    }

    /** (2, length, tail…) */
    private static Node sequences(Draft d, String name, long... tail) {
        return d.given(name, TensorType.f32(Shape.of(Dim.fixed(2), d.length(BOUND)).concat(Shape.of(tail))), Draft::normals);
    }

    private static Node numbers(Draft d, String name, int below) {
        return d.given(name, TensorType.i32(Shape.of(d.length(BOUND))), (step, shape, random) ->
                random.ints(shape.elements(), 0, below).asDoubleStream().toArray());
    }

    private static Node positions(Draft d, int start) {
        return d.given("position", TensorType.i32(Shape.of(Dim.fixed(2), d.length(BOUND))), (step, shape, random) ->
                IntStream.range(0, (int) shape.elements()).mapToDouble(i -> start + i % shape.size(1)).toArray());
    }

    /** A context of a named size: slices that lie behind it count as nothing. */
    private static Case longContext() {
        long bound = 150;
        Draft d = new Draft("named size attention over a named context");
        for (long size : new long[] {bound, 1, 64, 70, bound}) {
            d.step("length", size);
        }
        Function<String, Node> leaf = name -> d.given(name, TensorType.f32(
                Shape.of(Dim.fixed(2), d.length(bound), Dim.fixed(2), Dim.fixed(8))), Draft::normals);
        return d.ask("attention", Tolerance.reduction(bound).times(2), Map.of("y",
                d.graph.attention(d.input("q", 2, 3, 4, 8), leaf.apply("k"), leaf.apply("v"), 0.35)));
    }

    /** Prefill and decoding with one plan: a long step, then short ones, into one cache. */
    private static Case prefill() {
        Draft d = new Draft("composite prefill and decode").step("length", BOUND).step("length", 1).step("length", 1)
                .step("length", 3);
        GraphBuilder g = d.graph;
        int[] starts = {0, (int) BOUND, (int) BOUND + 1, (int) BOUND + 2};
        Node position = d.given("position", TensorType.i32(Shape.of(Dim.fixed(2), d.length(BOUND))), (step, shape, random) ->
                IntStream.range(0, (int) shape.elements()).mapToDouble(i -> starts[step] + i % shape.size(1)).toArray());
        Node slot = d.given("slot", TensorType.i32(2), (step, shape, random) -> new double[] {1, 0});
        Node x = sequences(d, "x", 16);
        TensorType cache = TensorType.f32(2, 32, 2, 8);
        Shape heads = Shape.of(Dim.fixed(2), d.length(BOUND), Dim.fixed(2), Dim.fixed(8));
        Node q = g.rope(g.reshape(g.linear(x, d.weight("wq", Encoding.BF16, 16, 16)), heads), position, Draft.frequencies(8));
        Node k = g.rope(g.reshape(g.linear(x, d.weight("wk", Encoding.BF16, 16, 16)), heads), position, Draft.frequencies(8));
        Node v = g.reshape(g.linear(x, d.weight("wv", Encoding.BF16, 16, 16)), heads);
        Node keys = g.stateAppend(d.state("keys", cache, Draft.normal()), k, position, slot);
        Node values = g.stateAppend(d.state("values", cache, Draft.normal()), v, position, slot);
        Node mixed = g.causalAttention(q, keys, values, position, slot, 0.02);
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put("mixed", mixed);
        outputs.put("last", g.linear(g.reshape(mixed, x.shape()), d.weight("wo", Encoding.BF16, 16, 16)));
        return d.ask("composite", Tolerance.reduction(64).times(2), outputs);
    }
}
