package org.intarsia.transformer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.Fixture.Part;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TransformerCore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The transformer against the reference's values, computed in float64. */
class ChameleonCoreTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void agreesWithTheReferenceOnText(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            Map<String, double[]> values = run(fixture, fixture.ints("text.input_ids"));
            assertThat(values).containsKeys("hidden.final_norm", "layer0.q_norm", "logits_raw");
            values.keySet().removeIf(value -> !fixture.has("text." + value));
            values.forEach((value, actual) -> fixture.assertClose("text." + value, actual, Part.FIRST, TOLERANCE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void agreesWithTheReferenceOnPictureAndText(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            int[] ids = Fixture.ints(fixture.notes().path("image_text").path("input_ids_expanded"));
            Map<String, double[]> values = run(fixture, ids);
            // Of the first layer's parts, the reference kept those of the text, and of the rotation none.
            values.keySet().removeIf(value -> value.startsWith("layer0.") || value.startsWith("rope."));
            values.forEach((value, actual) -> fixture.assertClose("image_text." + value, actual, Part.LAST, TOLERANCE));
        }
    }

    /** The three sequences of guidance as one batch: shorter ones are filled up behind their end, which must not matter. */
    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void agreesWithTheReferenceOnABatch(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            List<String> rows = List.of("full", "image_cond", "uncond");
            List<int[]> prompts = rows.stream()
                    .map(row -> Fixture.ints(fixture.notes().path("imagegen").path("prompt_" + row))).toList();
            int length = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
            double[] ids = prompts.stream().flatMapToInt(prompt -> Arrays.stream(Arrays.copyOf(prompt, length)))
                    .asDoubleStream().toArray();
            double[] logits = run(fixture, rows.size(), ids).get("logits_raw");
            int vocabulary = logits.length / ids.length;
            for (int row = 0; row < rows.size(); row++) {
                int last = row * length + prompts.get(row).length - 1;
                fixture.assertClose("imagegen.step0.logits_" + rows.get(row),
                        Arrays.copyOfRange(logits, last * vocabulary, (last + 1) * vocabulary), Part.FIRST, TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void continuesAsTheReferenceDoesWithACache(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            int[] expected = Fixture.ints(fixture.notes().path("text").path("greedy_ids"));
            Generation generation = new Generation(fixture, 64);
            int[] prompt = fixture.ints("text.input_ids");
            double[] logits = generation.feed(Arrays.copyOf(prompt, 5));
            logits = generation.feed(Arrays.copyOfRange(prompt, 5, prompt.length));
            for (int step = 0; step < expected.length; step++) {
                int next = likeliestWord(generation.core, logits);
                assertThat(next).as("step " + step).isEqualTo(expected[step]);
                logits = generation.feed(next);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void givesTheSameWithAndWithoutACache(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            int[] ids = fixture.ints("text.input_ids");
            double[] whole = run(fixture, ids).get("logits_raw");
            Generation generation = new Generation(fixture, 40);
            generation.feed(Arrays.copyOf(ids, 7));
            for (int i = 7; i < ids.length; i++) {
                double[] step = generation.feed(ids[i]);
                double[] row = Arrays.copyOfRange(whole, i * step.length, (i + 1) * step.length);
                assertThat(step).usingComparatorWithPrecision(1e-9).containsExactly(row);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void findsTheTokensByName(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            SpecialTokens tokens = new ChameleonCoreFactory().create(fixture).format().tokens();
            var ids = fixture.notes().path("image_token_ids");
            assertThat(new int[] {tokens.begin(), tokens.end(), tokens.separator(), tokens.pictureBegin(),
                    tokens.pictureEnd(), tokens.placeholder()}).containsExactly(ids.path("bos").intValue(),
                    ids.path("eos").intValue(), ids.path("sep").intValue(), ids.path("boi").intValue(),
                    ids.path("eoi").intValue(), ids.path("image_placeholder").intValue());
            assertThat(tokens.pictureIds()).containsExactly(Fixture.ints(fixture.notes().path("img2bpe")));
        }
    }

    private static Map<String, double[]> run(Fixture fixture, int[] ids) {
        return run(fixture, 1, Fixture.doubles(ids));
    }

    /** All that the model names, and the logits, for sequences of one length given whole. */
    private static Map<String, double[]> run(Fixture fixture, int sequences, double[] ids) {
        TransformerCore core = new ChameleonCoreFactory().create(fixture);
        int length = ids.length / sequences;
        GraphBuilder graph = new GraphBuilder();
        Node tokens = graph.input("ids", TensorType.i32(sequences, length));
        Node position = graph.input("position", TensorType.i32(sequences, length));
        Node hidden = core.hidden(graph, core.embed(graph, tokens), position, KeyValueCache.none());
        Map<String, Node> outputs = new LinkedHashMap<>(graph.named());
        outputs.put(core.logitsName(), core.logits(graph, hidden, TransformerCore.Head.TEXT));
        double[] places = IntStream.range(0, ids.length).mapToDouble(i -> i % length).toArray();
        return fixture.run(graph.build(outputs), Map.of("ids", ids, "position", places));
    }

    private static double[] positions(int first, int count) {
        return IntStream.range(first, first + count).asDoubleStream().toArray();
    }

    private static int likeliestWord(TransformerCore core, double[] logits) {
        Set<Integer> pictures = Arrays.stream(core.format().tokens().pictureIds()).boxed().collect(Collectors.toSet());
        return IntStream.range(0, logits.length).filter(id -> !pictures.contains(id)).boxed()
                .max((a, b) -> Double.compare(logits[a], logits[b])).orElseThrow();
    }

    /** One sequence that grows by pieces, in the second of three rows of a cache. */
    private static final class Generation {
        private static final int ROWS = 3;
        private final Fixture fixture;
        private final TransformerCore core;
        private final int context;
        private final Map<String, double[]> states = new HashMap<>();
        private int length;

        Generation(Fixture fixture, int context) {
            this.fixture = fixture;
            this.core = new ChameleonCoreFactory().create(fixture);
            this.context = context;
        }

        /** The logits behind the last of the ids. */
        double[] feed(int... ids) {
            GraphBuilder graph = new GraphBuilder();
            Node slot = graph.input("slot", TensorType.i32(1));
            Node hidden = core.hidden(graph, core.embed(graph, graph.input("ids", TensorType.i32(1, ids.length))),
                    graph.input("position", TensorType.i32(1, ids.length)), KeyValueCache.states(slot, ROWS, context));
            Node last = graph.slice(hidden, 1, ids.length - 1, ids.length);
            var built = graph.build(Map.of("logits", core.logits(graph, last, TransformerCore.Head.TEXT)));
            built.leaves(Leaf.State.class).forEach((name, state) -> states.computeIfAbsent(name,
                    key -> new double[Math.toIntExact(state.shape().elements())]));
            Map<String, double[]> values = new HashMap<>(states);
            values.put("ids", Fixture.doubles(ids));
            values.put("position", positions(length, ids.length));
            values.put("slot", new double[] {1});
            length += ids.length;
            return fixture.run(built, values).get("logits");
        }
    }
}
