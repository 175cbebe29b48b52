package org.intarsia.backend.testkit.cases;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.PagedAttention;

/** Attention to keys in blocks: tokens of several sequences that are decoded, beside pieces of prompts. */
final class PagedAttentionCases {
    private static final List<Encoding> STORED = List.of(Encoding.F32, Encoding.F16, Encoding.BF16);

    /** Some tokens of one row of the table, at positions that follow one another. */
    private record Run(int row, int first, int count) {
    }

    private PagedAttentionCases() {
    }

    static void addTo(Catalogue all) {
        for (Encoding stored : STORED) {
            PagedAttention plain = new PagedAttention(0.3, 0, 0);
            for (long[] heads : new long[][] {{1, 1, 4}, {4, 4, 8}, {6, 2, 16}, {8, 1, 17}, {4, 2, 64}, {5, 5, 33}, {2, 1, 80},
                {2, 2, 128}}) {
                value(all, stored, plain, heads, 16, new Run(1, 37, 1), new Run(0, 0, 1), new Run(2, 15, 3), new Run(3, 20, 21));
            }
            value(all, stored, plain, new long[] {4, 2, 16}, 1, new Run(0, 5, 4), new Run(1, 7, 1));
            value(all, stored, plain, new long[] {4, 2, 16}, 5, new Run(0, 13, 9), new Run(1, 3, 2), new Run(0, 22, 1), new Run(2, 0, 12));
            value(all, stored, plain, new long[] {4, 2, 16}, 16, new Run(0, 0, 150), new Run(1, 300, 1), new Run(1, 290, 1),
                    new Run(2, 230, 70));
            value(all, stored, new PagedAttention(-0.3, 0, 0), new long[] {2, 2, 8}, 4, new Run(0, 0, 9), new Run(1, 30, 1));
            for (int window : new int[] {1, 3, 20, 500}) {
                value(all, stored, new PagedAttention(0.2, window, 2), new long[] {6, 3, 16}, 16, new Run(1, 100, 1), new Run(0, 0, 40),
                        new Run(2, 60, 2), new Run(3, 77, 5));
            }
            // Longer than what one group of a graphics processor takes.
            value(all, stored, plain, new long[] {4, 2, 16}, 16, new Run(0, 2100, 1), new Run(1, 1022, 4), new Run(2, 3, 1));
            append(all, stored);
            all.add(decoding(stored));
        }
    }

    private static void value(Catalogue all, Encoding stored, PagedAttention op, long[] heads, int block, Run... runs) {
        int rows = 1 + IntStream.range(0, runs.length).map(i -> runs[i].row()).max().orElseThrow();
        int longest = IntStream.range(0, runs.length).map(i -> runs[i].first() + runs[i].count()).max().orElseThrow();
        // One block more than the longest sequence has, which is never looked at.
        int most = Math.ceilDiv(longest, block) + 1;
        int[] rowOf = IntStream.range(0, runs.length).flatMap(i -> IntStream.generate(runs[i]::row).limit(runs[i].count())).toArray();
        int[] positions = IntStream.range(0, runs.length)
                .flatMap(i -> IntStream.range(runs[i].first(), runs[i].first() + runs[i].count())).toArray();
        String name = stored + ", heads " + Catalogue.by(heads) + ", blocks of " + block + " to " + longest + ", window " + op.window()
                + ", cap " + op.softCap() + ", scale " + op.scale();
        all.value("pagedAttention", name, Tolerance.reduction(longest + heads[2]).times(op.softCap() > 0 ? 4 : 2), d -> {
            TensorType pool = new TensorType(Shape.of((long) rows * most, block, heads[1], heads[2]), stored);
            return d.graph.add(op, d.input("q", positions.length, heads[0], heads[2]), d.weight("k", pool, Draft.normal()),
                    d.weight("v", pool, Draft.normal()), d.given("position", TensorType.i32(positions.length), constant(positions)),
                    d.given("row", TensorType.i32(positions.length), constant(rowOf)), table(d, rows, most));
        });
    }

    private static Draft.Content constant(int[] values) {
        return (step, shape, random) -> IntStream.of(values).limit(shape.elements()).asDoubleStream().toArray();
    }

    /** All blocks once, as if they had been taken and given back many times. */
    private static Node table(Draft d, int rows, int most) {
        return d.given("table", TensorType.i32(rows, most), constant(IntStream.range(0, rows * most)
                .map(i -> (int) (i * 7919L % (rows * most))).toArray()));
    }

    /** Rounded values beside those that were there. */
    private static void append(Catalogue all, Encoding stored) {
        for (long tail : new long[] {1, 7, 32}) {
            Draft d = new Draft("stateAppend " + stored + " tail " + tail).runs(3);
            Node cache = d.state("cache", new TensorType(Shape.of(5, 4, tail), stored), Draft.normal());
            Node written = d.graph.stateAppend(cache, d.input("values", 6, 1, tail),
                    d.given("position", TensorType.i32(6, 1), (step, shape, random) ->
                            IntStream.range(0, 6).mapToDouble(i -> (i + step) % 4).toArray()),
                    d.given("slot", TensorType.i32(6), (step, shape, random) ->
                            IntStream.range(0, 6).mapToDouble(i -> 4 - i % 5).toArray()));
            all.add(d.ask("stateAppend", Tolerance.exact(), Map.of("written", d.graph.cast(written, Encoding.F32))));
        }
    }

    /** What a scheduler runs: keys of all tokens go into their blocks, then each token looks at those of its sequence. */
    private static Case decoding(Encoding stored) {
        Draft d = new Draft("composite paged cache and attention " + stored).step("tokens", 9).step("tokens", 2).step("tokens", 1)
                .step("tokens", 9);
        int[] starts = {0, 9, 11, 3};
        GraphBuilder g = d.graph;
        Dim tokens = Dim.named("tokens", 9);
        Dim one = Dim.fixed(1);
        Node position = d.given("position", TensorType.i32(Shape.of(tokens)), (step, shape, random) ->
                IntStream.range(0, (int) shape.elements()).mapToDouble(i -> starts[step] + i).toArray());
        Node row = d.given("row", TensorType.i32(Shape.of(tokens)), (step, shape, random) ->
                IntStream.range(0, (int) shape.elements()).mapToDouble(i -> step % 2).toArray());
        // Blocks of four; the second row has the blocks of the first in another order.
        int[][] blocks = {{2, 0, 3}, {3, 0, 2}};
        Node table = d.given("table", TensorType.i32(2, 3), (step, shape, random) ->
                IntStream.range(0, 6).mapToDouble(i -> blocks[i / 3][i % 3]).toArray());
        Node place = d.given("place", TensorType.i32(Shape.of(tokens, one)), (step, shape, random) ->
                IntStream.range(0, (int) shape.elements()).mapToDouble(i -> (starts[step] + i) % 4).toArray());
        Node slot = d.given("slot", TensorType.i32(Shape.of(tokens)), (step, shape, random) ->
                IntStream.range(0, (int) shape.elements()).mapToDouble(i -> blocks[step % 2][(starts[step] + i) / 4]).toArray());
        TensorType pool = new TensorType(Shape.of(4, 4, 2, 8), stored);
        Shape heads = Shape.of(tokens, one, Dim.fixed(2), Dim.fixed(8));
        Node keys = g.stateAppend(d.state("keys", pool, Draft.normal()), d.given("k", TensorType.f32(heads), Draft::normals), place, slot);
        Node values = g.stateAppend(d.state("values", pool, Draft.normal()), d.given("v", TensorType.f32(heads), Draft::normals), place,
                slot);
        Node q = d.given("q", TensorType.f32(Shape.of(tokens, Dim.fixed(4), Dim.fixed(8))), Draft::normals);
        return d.ask("composite", Tolerance.reduction(20).times(2),
                Map.of("mixed", g.add(new PagedAttention(0.35, 0, 0), q, keys, values, position, row, table)));
    }
}
