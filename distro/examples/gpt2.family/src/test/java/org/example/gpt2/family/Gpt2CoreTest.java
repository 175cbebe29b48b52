package org.example.gpt2.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;

/** A random GPT-2 gives the scores that it gives in transformers (5.18), by the interpreter that defines all operations. */
class Gpt2CoreTest {
    private static final Path MODEL = Path.of("src/test/resources/gpt2");

    /** A model directory as it was published. */
    private record Published(Weights weights, String config) implements ModelFiles {
        @Override
        public Path directory() {
            return MODEL;
        }

        @Override
        public String family() {
            return "gpt2";
        }

        @Override
        public Optional<String> json(String fileName) {
            try {
                return Optional.of(fileName.equals("config.json") ? config : Files.readString(MODEL.resolve(fileName)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void scoresAsTransformersDo() throws IOException {
        assertScores(name -> name);
    }

    @Test
    void alsoWithTheNamesOfOldCheckpoints() throws IOException {
        assertScores(name -> name.replace("transformer.", ""));
    }

    private static void assertScores(UnaryOperator<String> names) throws IOException {
        JsonNode golden = new ObjectMapper().readTree(MODEL.resolve("golden.json").toFile());
        double[] ids = new ObjectMapper().convertValue(golden.path("input_ids"), double[].class);
        double[] expected = new ObjectMapper().convertValue(golden.path("last_logits"), double[].class);
        try (Weights weights = Checkpoint.open(MODEL)) {
            Gpt2Family family = new Gpt2Family();
            ModelFiles published = new Published(weights.renamed(names), Files.readString(MODEL.resolve("config.json")));
            assertEquals(Optional.empty(), family.refuses(published));
            ModelFiles files = family.present(published);
            TransformerCore core = new Gpt2CoreFactory().create(files);
            GraphBuilder builder = new GraphBuilder();
            Node position = builder.input("position", TensorType.i32(1, ids.length));
            Node hidden = core.hidden(builder, core.embed(builder, builder.input("ids", TensorType.i32(1, ids.length))), position,
                    KeyValueCache.none());
            Node last = builder.reshape(builder.slice(hidden, 1, ids.length - 1, ids.length), Shape.of(1, core.geometry().hidden()));
            Graph graph = builder.build(Map.of("logits", core.logits(builder, last, TransformerCore.Head.TEXT)));
            Map<String, double[]> values = new HashMap<>();
            values.put("ids", ids);
            values.put("position", IntStream.range(0, ids.length).asDoubleStream().toArray());
            graph.leaves(Leaf.Parameter.class).keySet().forEach(name -> {
                float[] floats = files.weights().get(name).floats();
                values.put(name, IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray());
            });
            assertArrayEquals(expected, Interpreter.run(graph, values, Map.of()).get("logits"), 1e-4);
        }
    }

    @Test
    void refusesWhatItDoesNotCompute() throws IOException {
        try (Weights weights = Checkpoint.open(MODEL)) {
            String config = Files.readString(MODEL.resolve("config.json")).replace("gelu_new", "relu");
            ModelException refusal = assertThrows(ModelException.class, () -> new Gpt2CoreFactory().create(new Published(weights, config)));
            assertEquals("config.json of the model in " + MODEL + " cannot be used: activation_function should be \"gelu_new\"",
                    refusal.getMessage());
        }
    }
}
