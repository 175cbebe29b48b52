package org.intarsia.backend.testkit.cases;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Attention;
import org.intarsia.graph.op.Rope;

/** Rotary positions and attention, in training's form and in generation's. */
final class AttentionCases {
    /** Sequences, length, heads, key heads, head size. */
    private static final long[][] SIZES = {{1, 1, 1, 1, 2}, {1, 3, 1, 1, 5}, {2, 5, 4, 4, 8}, {1, 17, 6, 2, 16}, {3, 7, 4, 1, 17},
            {1, 33, 2, 2, 64}, {2, 65, 3, 3, 32}, {1, 130, 2, 1, 33}};

    private AttentionCases() {
    }

    static void addTo(Catalogue all) {
        ropes(all);
        for (long[] size : SIZES) {
            Tolerance tolerance = Tolerance.reduction(size[1] + size[4]).times(2);
            all.smooth("attention", "of all to all " + Catalogue.by(size), tolerance, d -> {
                Node q = d.input("q", size[0], size[1], size[2], size[4]);
                Node k = d.input("k", size[0], size[1] + 2, size[3], size[4]);
                Node v = d.input("v", size[0], size[1] + 2, size[3], size[4]);
                return d.graph.attention(q, k, v, 1 / Math.sqrt(size[4]));
            });
            all.smooth("attention", "causal " + Catalogue.by(size), tolerance, d -> d.graph.causalAttention(
                    d.input("q", size[0], size[1], size[2], size[4]), d.input("k", size[0], size[1], size[3], size[4]),
                    d.input("v", size[0], size[1], size[3], size[4]), counting(d, size[0], size[1], 0),
                    1 / Math.sqrt(size[4])));
        }
        // More queries and keys than a block holds.
        all.smooth("attention", "causal, of 300 places", Tolerance.reduction(332).times(2), d -> d.graph.causalAttention(
                d.input("q", 1, 300, 4, 32), d.input("k", 1, 300, 2, 32), d.input("v", 1, 300, 2, 32), counting(d, 1, 300, 0), 0.2));
        for (long[] size : SIZES) {
            long context = size[1] + 9;
            Tolerance tolerance = Tolerance.reduction(context + size[4]).times(2);
            all.smooth("attention", "positions " + Catalogue.by(size), tolerance, d -> d.graph.causalAttention(
                    d.input("q", size[0], size[1], size[2], size[4]), d.input("k", size[0], context, size[3], size[4]),
                    d.input("v", size[0], context, size[3], size[4]), counting(d, size[0], size[1], 7), 0.3));
            // Rows of the cache in another order than the sequences, and rows that nobody reads.
            all.smooth("attention", "slots " + Catalogue.by(size), tolerance, d -> d.graph.causalAttention(
                    d.input("q", size[0], size[1], size[2], size[4]), d.input("k", size[0] + 2, context, size[3], size[4]),
                    d.input("v", size[0] + 2, context, size[3], size[4]), counting(d, size[0], size[1], 3),
                    d.given("slot", TensorType.i32(size[0]), (step, shape, random) ->
                            LongStream.range(0, size[0]).mapToDouble(s -> size[0] - s).toArray()), 0.3));
        }
        longContexts(all);
        bounded(all);
        all.value("attention", "what stands behind the position does not matter", Tolerance.of(64), d -> d.graph.causalAttention(
                d.input("q", 2, 3, 2, 8), behind(d, "k"), behind(d, "v"), counting(d, 2, 3, 4), 0.35));
        all.value("attention", "two sequences in one slot", Tolerance.of(64), d -> d.graph.causalAttention(
                d.input("q", 2, 1, 2, 8), d.weight("k", 3, 17, 2, 8), d.weight("v", 3, 17, 2, 8),
                d.indices("position", 17, 2, 1), d.given("slot", TensorType.i32(2), (step, shape, random) -> new double[] {1, 1}), 0.35));
    }

    /** Contexts that are cut into slices, for decoding and for prompts. */
    private static void longContexts(Catalogue all) {
        for (long context : new long[] {300, 700, 1030}) {
            cached(all, "one query", context, 64, 8, 2, new double[][] {{context - 1}});
            cached(all, "the first place beside a late one", context, 16, 6, 3, new double[][] {{0}, {context - 2}, {context / 2}});
            cached(all, "late, first and middle place", context, 12, 4, 4, new double[][] {{context - 1, 0, context / 2}});
        }
        cached(all, "sixteen heads with one key head", 300, 16, 16, 1, new double[][] {{299}, {130}});
        for (long size : new long[] {7, 33, 64, 80, 128, 512}) {
            cached(all, "one query", 200, size, 2, 1, new double[][] {{190}});
            cached(all, "a prompt from place 200 on", 256, size, 4, 2,
                    new double[][] {IntStream.range(200, 240).asDoubleStream().toArray()});
        }
        cached(all, "places in any order", 300, 8, 4, 2,
                new double[][] {IntStream.range(0, 40).mapToDouble(i -> i * 77 % 300).toArray()});
        // So many sequences keep a device busy, and a slice is longer than what is taken at a time.
        for (int sequences : new int[] {65, 130}) {
            cached(all, sequences + " sequences", 300, 8, 8, sequences == 65 ? 4 : 1, late(sequences, 1, 300));
        }
        cached(all, "prompts of many sequences", 150, 16, 2, 2, late(48, 70, 150));
        all.value("attention", "of 5 to 700", Tolerance.reduction(716).times(2), d -> d.graph.attention(
                d.input("q", 2, 5, 4, 16), d.input("k", 2, 700, 2, 16), d.input("v", 2, 700, 2, 16), 0.25));
    }

    /** Windows shorter than prompts, as long, and longer; caps that bend every score; both, with and without a cache. */
    private static void bounded(Catalogue all) {
        for (long[] size : SIZES) {
            Tolerance tolerance = Tolerance.reduction(size[1] + size[4] + 9).times(4);
            for (int window : new int[] {1, 4, 100}) {
                all.smooth("boundedAttention", "window " + window + ", positions " + Catalogue.by(size), tolerance, d -> d.graph.add(
                        new Attention(0.3, true, window, 0), d.input("q", size[0], size[1], size[2], size[4]),
                        d.input("k", size[0], size[1] + 9, size[3], size[4]), d.input("v", size[0], size[1] + 9, size[3], size[4]),
                        counting(d, size[0], size[1], 7)));
            }
            all.smooth("boundedAttention", "cap, of all to all " + Catalogue.by(size), tolerance, d -> d.graph.add(
                    new Attention(0.5, false, 0, 1.5), d.input("q", size[0], size[1], size[2], size[4]),
                    d.input("k", size[0], size[1] + 2, size[3], size[4]), d.input("v", size[0], size[1] + 2, size[3], size[4])));
        }
        for (Attention op : new Attention[] {new Attention(0.2, true, 1, 0), new Attention(0.2, true, 60, 0),
            new Attention(0.2, true, 300, 0), new Attention(0.3, true, 0, 2), new Attention(0.3, true, 130, 2)}) {
            String name = "window " + op.window() + ", cap " + op.softCap();
            for (long context : new long[] {300, 1030}) {
                cached(all, op, name + ", one query", context, 64, 8, 2, new double[][] {{context - 1}});
                cached(all, op, name + ", the first place beside late ones", context, 16, 6, 3,
                        new double[][] {{0}, {context - 2}, {context / 2}});
                cached(all, op, name + ", late, first and middle place", context, 12, 4, 4,
                        new double[][] {{context - 1, 0, context / 2}});
            }
            cached(all, op, name + ", a prompt from place 200 on", 256, 33, 4, 2,
                    new double[][] {IntStream.range(200, 240).asDoubleStream().toArray()});
            cached(all, op, name + ", a whole prompt", 256, 16, 4, 1,
                    new double[][] {IntStream.range(0, 240).asDoubleStream().toArray()});
            cached(all, op, name + ", places in any order", 300, 8, 4, 2,
                    new double[][] {IntStream.range(0, 40).mapToDouble(i -> i * 77 % 300).toArray()});
            cached(all, op, name + ", 65 sequences", 300, 8, 8, 4, late(65, 1, 300));
        }
    }

    /** Places that count up, from another start in each sequence, to the end of the context at most. */
    private static double[][] late(int sequences, int length, int context) {
        return IntStream.range(0, sequences).mapToObj(s -> IntStream.range(0, length)
                .mapToDouble(i -> context - length - s % (context - length) + i).toArray()).toArray(double[][]::new);
    }

    /** Queries at the given places of each sequence, over a cache that has a row more, in another order. */
    private static void cached(Catalogue all, String name, long context, long size, long heads, long keyHeads, double[][] places) {
        cached(all, new Attention(1 / Math.sqrt(size), true), name, context, size, heads, keyHeads, places);
    }

    private static void cached(Catalogue all, Attention op, String name, long context, long size, long heads, long keyHeads,
            double[][] places) {
        int sequences = places.length;
        int length = places[0].length;
        all.value(op.kind(), name + ", context " + context + ", heads " + Catalogue.by(heads, keyHeads, size),
                Tolerance.reduction(context + size).times(2), d -> d.graph.add(op,
                        d.input("q", sequences, length, heads, size), d.weight("k", sequences + 1, context, keyHeads, size),
                        d.weight("v", sequences + 1, context, keyHeads, size),
                        d.given("position", TensorType.i32(sequences, length), (step, shape, random) ->
                                Arrays.stream(places).flatMapToDouble(Arrays::stream).toArray()),
                        d.given("slot", TensorType.i32(sequences), (step, shape, random) ->
                                IntStream.range(0, sequences).mapToDouble(s -> sequences - s).toArray())));
    }

    /** Huge values from place 7 on, which no query of the case reaches. */
    private static Node behind(Draft d, String name) {
        Shape shape = Shape.of(2, 12, 2, 8);
        return d.given(name, TensorType.f32(shape), (step, unused, random) -> IntStream.range(0, (int) shape.elements())
                .mapToDouble(i -> i / 16 % 12 >= 7 ? 1e6 : Values.round(random.nextGaussian(), Encoding.F32))
                .toArray());
    }

    /** Positions that count up, from another start in each sequence. */
    static Node counting(Draft d, long sequences, long length, int latestStart) {
        return d.given("position", TensorType.i32(sequences, length), (step, shape, random) -> {
            double[] positions = new double[(int) (sequences * length)];
            for (int s = 0; s < sequences; s++) {
                int start = latestStart == 0 ? 0 : random.nextInt(latestStart);
                for (int l = 0; l < length; l++) {
                    positions[(int) (s * length) + l] = start + l;
                }
            }
            return positions;
        });
    }

    private static void ropes(Catalogue all) {
        for (long[] sizes : new long[][] {{1, 1, 1, 2}, {2, 5, 3, 6}, {3, 1, 4, 16}, {1, 17, 2, 34}, {2, 33, 1, 64}, {1, 3, 5, 126}}) {
            for (int furthest : new int[] {2, 60, 4000}) {
                // An angle of p radians in float32 is off by some p roundings.
                all.smooth("rope", Catalogue.by(sizes) + " up to position " + furthest, Tolerance.of(8 + 3.0 * furthest),
                        d -> d.graph.rope(d.input("x", sizes), d.indices("position", furthest, sizes[0], sizes[1]),
                                Draft.frequencies(sizes[3])));
            }
        }
        all.value("rope", "backwards 2×5×3×8", Tolerance.of(70), d -> d.graph.add(
                new Rope(Draft.frequencies(8), true), d.input("x", 2, 5, 3, 8), d.indices("position", 60, 2, 5)));
    }
}
