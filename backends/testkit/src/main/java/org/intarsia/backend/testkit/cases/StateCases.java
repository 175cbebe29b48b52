package org.intarsia.backend.testkit.cases;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/** Memory that outlives a run: every state is compared as a whole after every run. */
final class StateCases {
    private StateCases() {
    }

    static void addTo(Catalogue all) {
        for (long[] sizes : new long[][] {{1}, {17}, {3, 65}}) {
            all.add(counter(sizes));
            all.add(exchange(sizes));
        }
        // rows, context, sequences, length, then the tail
        append(all, new long[] {1, 8, 1, 1}, new long[] {});
        append(all, new long[] {1, 8, 1, 2}, new long[] {3});
        append(all, new long[] {3, 17, 2, 3}, new long[] {2, 5});
        append(all, new long[] {5, 33, 3, 7}, new long[] {1, 17});
        append(all, new long[] {2, 40, 2, 10}, new long[] {4, 16});
        all.add(oldAndNew());
        all.add(cacheAndAttention());
    }

    /** A state that grows by an input each run, and what it was before. */
    private static Case counter(long[] sizes) {
        Draft d = new Draft("assign counter " + Catalogue.by(sizes)).runs(4);
        Node state = d.state("state", TensorType.f32(sizes), Draft.integers(-3, 3));
        Node before = d.graph.neg(state);
        Node after = d.graph.assign(state, d.graph.add(state, d.input("x", TensorType.f32(sizes), Draft.integers(-3, 3))));
        return d.ask("assign", Tolerance.exact(), named("before", before, "after", d.graph.neg(after)));
    }

    /** Two states that swap their values, so that neither may be written before both were read. */
    private static Case exchange(long[] sizes) {
        Draft d = new Draft("assign exchange " + Catalogue.by(sizes)).runs(3);
        Node a = d.state("a", TensorType.f32(sizes), Draft.normal());
        Node b = d.state("b", TensorType.f32(sizes), Draft.normal());
        Node keptA = d.graph.neg(a);
        Node keptB = d.graph.neg(b);
        return d.ask("assign", Tolerance.exact(), named("a", d.graph.assign(a, keptB), "b", d.graph.assign(b, keptA)));
    }

    private static void append(Catalogue all, long[] s, long[] tail) {
        Draft d = new Draft("stateAppend " + Catalogue.by(s) + " tail " + Catalogue.by(tail)).runs(4);
        TensorType state = TensorType.f32(Shape.of(s[0], s[1]).concat(Shape.of(tail)));
        Node cache = d.state("cache", state, Draft.normal());
        Node values = d.input("values", TensorType.f32(Shape.of(s[2], s[3]).concat(Shape.of(tail))), Draft.normal());
        Node written = d.graph.stateAppend(cache, values, running(d, s[2], s[3], s[1]), slots(d, s[0], s[2]));
        all.add(d.ask("stateAppend", Tolerance.exact(), named("seen", d.graph.neg(written), "written", written)));
    }

    /** Positions that go on from run to run. */
    private static Node running(Draft d, long sequences, long length, long context) {
        return d.given("position", TensorType.i32(sequences, length), (step, shape, random) ->
                IntStream.range(0, (int) (sequences * length))
                        .mapToDouble(i -> (step * length + i % length + i / length) % context).toArray());
    }

    /** Different rows, from the last to the first. */
    private static Node slots(Draft d, long rows, long sequences) {
        return d.given("slot", TensorType.i32(sequences), (step, shape, random) ->
                IntStream.range(0, (int) sequences).mapToDouble(i -> rows - 1 - i).toArray());
    }

    /** What reads a state before it is written sees the old value, also through a computation that ends later. */
    private static Case oldAndNew() {
        Draft d = new Draft("assign old and new").runs(3);
        GraphBuilder g = d.graph;
        Node state = d.state("state", TensorType.f32(5, 17), Draft.normal());
        Node old = g.permute(state, 1, 0);
        Node written = g.assign(state, g.mul(state, d.input("x", 17)));
        Node renewed = g.permute(written, 1, 0);
        return d.ask("assign", Tolerance.of(16), named("difference", g.sub(renewed, old), "product", g.mul(old, renewed)));
    }

    /** A decoder's step: new keys and values go into the cache, then queries look at all of it. */
    private static Case cacheAndAttention() {
        Draft d = new Draft("composite cache and attention").runs(5);
        GraphBuilder g = d.graph;
        TensorType cache = TensorType.f32(3, 12, 2, 8);
        Node position = running(d, 2, 2, 12);
        Node slot = slots(d, 3, 2);
        Node keys = g.stateAppend(d.state("keys", cache, Draft.normal()), d.input("k", 2, 2, 2, 8), position, slot);
        Node values = g.stateAppend(d.state("values", cache, Draft.normal()), d.input("v", 2, 2, 2, 8), position, slot);
        Node mixed = g.causalAttention(d.input("q", 2, 2, 4, 8), keys, values, position, slot, 0.35);
        return d.ask("composite", Tolerance.reduction(20).times(2), Map.of("mixed", mixed));
    }

    private static Map<String, Node> named(String firstName, Node first, String secondName, Node second) {
        Map<String, Node> outputs = new LinkedHashMap<>();
        outputs.put(firstName, first);
        outputs.put(secondName, second);
        return outputs;
    }
}
