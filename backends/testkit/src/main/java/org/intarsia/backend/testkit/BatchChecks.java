package org.intarsia.backend.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.testkit.cases.Draft;
import org.intarsia.backend.testkit.cases.Values;
import org.intarsia.backend.testkit.suite.DeviceCheck;
import org.intarsia.graph.Dim;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.PagedAttention;

/**
 * A token of a decoder has the same bits alone and beside others, and however its prompt was cut: a layer of a decoder with all kinds
 * of ops that one has, keys in blocks among them, runs with mixed batches. Blocks hold not-a-number where nothing was written.
 */
final class BatchChecks {
    private static final List<Encoding> WEIGHTS = List.of(Encoding.F32, Encoding.F16, Encoding.BF16, Encoding.Q8_0, Encoding.Q4_0,
            Encoding.Q4_K, Encoding.Q6_K, Encoding.Q5_K);
    private static final int WIDTH = 256;
    private static final int HEADS = 4;
    private static final int KEY_HEADS = 2;
    private static final int HEAD = WIDTH / HEADS;
    private static final int WORDS = 50;
    /** Tokens of the prompt: two more than the longest piece, so that pieces end in its middle. */
    private static final int PROMPT = 34;
    private static final int BLOCK = 16;
    private static final int MOST = 3;
    /** Sequences beside the one that is compared. */
    private static final int OTHERS = 63;
    private static final int TOKENS = OTHERS + 1 + PROMPT;

    /** A token of a batch: the one that is compared is row 0. */
    private record Token(int row, int position) {
    }

    private BatchChecks() {
    }

    static List<DeviceCheck> all() {
        List<DeviceCheck> checks = new ArrayList<>();
        for (Precision precision : List.of(Precision.EXACT, Precision.FAST)) {
            for (Encoding encoding : WEIGHTS) {
                checks.add(new DeviceCheck("a token has the same bits beside any others, weights in " + encoding + ", " + precision
                        + ", where the device says so", device -> check(device, encoding, precision)));
            }
        }
        return checks;
    }

    private static void check(Device device, Encoding encoding, Precision precision) throws DeviceCheck.Broken {
        List<String> features = device.info().features();
        boolean always = features.contains(Conformance.SAME_BITS_BESIDE_OTHERS);
        if (!always && !features.contains(Conformance.SAME_BITS_FROM_FIVE_ROWS)) {
            return;
        }
        int least = always ? 1 : 5;
        if (precision != Precision.EXACT && computesAsExact(device, encoding, precision)) {
            return;
        }
        try (Arena arena = Arena.ofShared(); Decoder decoder = new Decoder(device, encoding, precision, arena)) {
            float[][] alone = prompt(decoder, 1, least);
            for (float[] logits : alone) {
                for (float logit : logits) {
                    if (!Float.isFinite(logit)) {
                        throw new DeviceCheck.Broken("a token saw what stands behind its position: a logit is " + logit);
                    }
                }
            }
            for (int piece : new int[] {3, 16, 32}) {
                same("a prompt in pieces of " + piece, alone, prompt(decoder, piece, least));
            }
            for (int others : new int[] {2, 3, 7, 8, 16, OTHERS}) {
                if (others + 1 < least) {
                    continue;
                }
                // In front of it, behind it, and in the middle.
                for (int at : new int[] {0, others / 2, others}) {
                    List<Token> batch = new ArrayList<>(others(others));
                    batch.add(at, new Token(0, PROMPT - 1));
                    same("a token beside " + others + " others", new float[][] {alone[PROMPT - 1]},
                            new float[][] {decoder.run(batch)[at]});
                }
            }
            // Decoding beside a piece of a prompt.
            List<Token> mixed = new ArrayList<>(others(7));
            mixed.addAll(prompt(PROMPT - 20, 20));
            float[][] logits = decoder.run(mixed);
            for (int i = 0; i < 20; i++) {
                same("a piece of a prompt beside 7 others", new float[][] {alone[PROMPT - 20 + i]}, new float[][] {logits[7 + i]});
            }
        }
    }

    /** Tells whether batches of all sizes have the bits of an exact plan: then that one has been checked in place of this one. */
    private static boolean computesAsExact(Device device, Encoding encoding, Precision precision) {
        try (Arena arena = Arena.ofShared(); Decoder decoder = new Decoder(device, encoding, precision, arena);
                Decoder exact = new Decoder(device, encoding, Precision.EXACT, arena)) {
            decoder.forget();
            exact.forget();
            for (int first = 0, count = 1; first < PROMPT; first += count, count = Math.min(3 * count, PROMPT - first)) {
                List<Token> batch = new ArrayList<>(prompt(first, count));
                batch.addAll(others(first + count < PROMPT ? 0 : OTHERS));
                if (!Arrays.deepEquals(decoder.run(batch), exact.run(batch))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static List<Token> prompt(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(position -> new Token(0, position)).toList();
    }

    private static List<Token> others(int count) {
        return IntStream.range(1, count + 1).mapToObj(row -> new Token(row, row * 5 % BLOCK)).toList();
    }

    /** The logits and their softmax of all tokens of the prompt, read piece by piece, each beside as many others as the device asks for. */
    private static float[][] prompt(Decoder decoder, int piece, int least) {
        float[][] all = new float[PROMPT][];
        decoder.forget();
        for (int first = 0; first < PROMPT; first += piece) {
            int count = Math.min(piece, PROMPT - first);
            List<Token> batch = new ArrayList<>(prompt(first, count));
            batch.addAll(others(Math.max(0, least - count)));
            System.arraycopy(decoder.run(batch), 0, all, first, count);
        }
        return all;
    }

    private static void same(String what, float[][] expected, float[][] actual) throws DeviceCheck.Broken {
        for (int token = 0; token < expected.length; token++) {
            for (int i = 0; i < expected[token].length; i++) {
                if (Float.floatToRawIntBits(expected[token][i]) != Float.floatToRawIntBits(actual[token][i])) {
                    throw new DeviceCheck.Broken(what + " gave other bits at token " + token + ": " + expected[token][i] + " and "
                            + actual[token][i] + " for word " + i);
                }
            }
        }
    }

    /** One layer with its embedding and its head, and the blocks of all sequences. */
    private static final class Decoder implements AutoCloseable {
        private final Device device;
        private final Encoding encoding;
        private final Arena arena;
        private final SplittableRandom random = new SplittableRandom(19);
        private final GraphBuilder graph = new GraphBuilder();
        private final Map<String, Buffer> buffers = new HashMap<>();
        private final TensorType pool;
        private final Plan plan;

        Decoder(Device device, Encoding encoding, Precision precision, Arena arena) {
            this.device = device;
            this.encoding = encoding;
            this.arena = arena;
            Encoding stored = encoding.isBlockQuantised() ? Encoding.F16 : encoding;
            this.pool = new TensorType(Shape.of(MOST + OTHERS, BLOCK, KEY_HEADS, HEAD), stored);
            plan = device.compile(graph.build(Map.of("logits", logits())), buffers, 0, precision);
        }

        private Node logits() {
            Dim tokens = Dim.named("tokens", TOKENS);
            Dim one = Dim.fixed(1);
            Node position = graph.input("position", TensorType.i32(Shape.of(tokens)));
            Node places = graph.reshape(position, Shape.of(tokens, one));
            Node slot = graph.input("slot", TensorType.i32(Shape.of(tokens)));
            Node x = graph.gather(weight("embedding", WORDS), graph.input("id", TensorType.i32(Shape.of(tokens))));
            Node normal = graph.rmsNorm(x, scale("attentionNorm"), 1e-5);
            Node q = rotated(graph.linear(normal, weight("wq", WIDTH)), HEADS, tokens, places);
            Node k = rotated(graph.linear(normal, weight("wk", KEY_HEADS * HEAD)), KEY_HEADS, tokens, places);
            Node v = graph.reshape(graph.linear(normal, weight("wv", KEY_HEADS * HEAD)), heads(tokens, KEY_HEADS));
            Node place = graph.input("place", TensorType.i32(Shape.of(tokens, one)));
            Node keys = graph.stateAppend(state("keys"), k, place, slot);
            Node values = graph.stateAppend(state("values"), v, place, slot);
            Node mixed = graph.add(new PagedAttention(0.125, 0, 0), graph.reshape(q, Shape.of(tokens, Dim.fixed(HEADS), Dim.fixed(HEAD))),
                    keys, values, position, graph.input("row", TensorType.i32(Shape.of(tokens))),
                    graph.input("table", TensorType.i32(OTHERS + 1, MOST)));
            Node after = graph.add(x, graph.linear(graph.reshape(mixed, x.shape()), weight("wo", WIDTH)));
            Node gated = graph.rmsNorm(after, scale("mlpNorm"), 1e-5);
            Node up = graph.swiGlu(graph.linear(gated, weight("w1", WIDTH)), graph.linear(gated, weight("w3", WIDTH)));
            Node last = graph.add(after, graph.linear(up, weight("w2", WIDTH)));
            Node scored = graph.gather(last, graph.input("scored", TensorType.i32(Shape.of(Dim.named("scored", TOKENS)))));
            Node logits = graph.linear(graph.rmsNorm(scored, scale("norm"), 1e-5), weight("head", WORDS));
            return graph.concat(1, logits, graph.softmax(logits));
        }

        private static Shape heads(Dim tokens, int heads) {
            return Shape.of(tokens, Dim.fixed(1), Dim.fixed(heads), Dim.fixed(HEAD));
        }

        private Node rotated(Node x, int heads, Dim tokens, Node places) {
            return graph.rope(graph.reshape(x, heads(tokens, heads)), places, Draft.frequencies(HEAD));
        }

        private Node weight(String name, int rows) {
            TensorType type = new TensorType(Shape.of(rows, WIDTH), encoding);
            MemorySegment content = arena.allocate(type.bytes(), 64);
            if (encoding.isBlockQuantised()) {
                content.copyFrom(MemorySegment.ofArray(Values.blocks(type, random)));
            } else {
                Values.encode(gaussian(rows * WIDTH), encoding, content);
            }
            buffers.put(name, device.constant(type, content));
            return graph.parameter(name, type);
        }

        private Node scale(String name) {
            TensorType type = TensorType.f32(WIDTH);
            MemorySegment content = arena.allocate(type.bytes(), 64);
            Values.encode(gaussian(WIDTH), Encoding.F32, content);
            buffers.put(name, device.constant(type, content));
            return graph.parameter(name, type);
        }

        private double[] gaussian(int count) {
            return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian() / 8).toArray();
        }

        private Node state(String name) {
            buffers.put(name, device.allocate(pool));
            return graph.state(name, pool);
        }

        /** Fills all blocks with not-a-number. */
        void forget() {
            double[] nothing = new double[Math.toIntExact(pool.shape().elements())];
            Arrays.fill(nothing, Double.NaN);
            MemorySegment content = arena.allocate(pool.bytes(), 64);
            Values.encode(nothing, pool.encoding(), content);
            buffers.get("keys").write(content);
            buffers.get("values").write(content);
        }

        /** Runs a batch, and gives the logits of each token and their softmax. */
        float[][] run(List<Token> batch) {
            plan.input("id").write(ints(batch, token -> (token.row() * 7 + token.position() * 3) % WORDS));
            plan.input("position").write(ints(batch, Token::position));
            plan.input("place").write(ints(batch, token -> token.position() % BLOCK));
            plan.input("slot").write(ints(batch, token -> block(token.row(), token.position() / BLOCK)));
            plan.input("row").write(ints(batch, Token::row));
            plan.input("scored").write(IntStream.range(0, batch.size()).toArray());
            plan.input("table").write(IntStream.range(0, (OTHERS + 1) * MOST).map(i -> block(i / MOST, i % MOST)).toArray());
            Map<String, Long> sizes = new LinkedHashMap<>();
            sizes.put("tokens", (long) batch.size());
            sizes.put("scored", (long) batch.size());
            plan.run(sizes);
            float[] all = plan.output("logits").floats(batch.size() * 2 * WORDS);
            float[][] logits = new float[batch.size()][];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Arrays.copyOfRange(all, i * 2 * WORDS, (i + 1) * 2 * WORDS);
            }
            return logits;
        }

        /** The sequence that is compared has three blocks in no order, each other one. */
        private static int block(int row, int number) {
            return row == 0 ? (number * 2 + 1) % MOST : MOST + row - 1;
        }

        private static int[] ints(List<Token> batch, ToIntFunction<Token> of) {
            return batch.stream().mapToInt(of).toArray();
        }

        @Override
        public void close() {
            plan.close();
            buffers.values().forEach(Buffer::close);
        }
    }
}
