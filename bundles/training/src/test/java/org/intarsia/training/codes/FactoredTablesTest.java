package org.intarsia.training.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Interpreter;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Cell;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Kind;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;

/** Codes of pieces tell scenes apart, and tables as sums mean the same as the whole tables that are written out. */
class FactoredTablesTest {
    private static final World WIDE = World.WIDE;
    private static final PieceCodes CODES = new PieceCodes(WIDE, 16);

    @Test
    void equalPicturesHaveEqualCodesAndOthersOthers() {
        Painter painter = new Painter(WIDE);
        Map<List<Integer>, String> pictures = new HashMap<>();
        new SampleSource(WIDE, 3, Split.TRAIN, new Mixture(1, 1, 0, 1, 0, 0)).scenes(0).limit(2000).forEach(scene -> {
            List<Integer> codes = new ArrayList<>();
            for (int code : CODES.of(scene)) {
                codes.add(code);
            }
            String picture = new String(painter.paint(scene).rgb(), StandardCharsets.ISO_8859_1);
            assertThat(pictures.merge(codes, picture, (one, other) -> one)).isEqualTo(picture);
        });
        assertThat(new HashSet<>(pictures.values())).hasSameSizeAs(pictures.keySet());
    }

    /** A piece looks the same wherever its thing stands: by its code alone, the background told, a block can be painted. */
    @Test
    void aCodeAlwaysLooksTheSame() {
        Painter painter = new Painter(WIDE);
        Map<Integer, Integer> looks = new HashMap<>();
        for (Cell cell : List.of(new Cell(2, 4), new Cell(3, 4), new Cell(2, 5), new Cell(3, 5), new Cell(6, 4), new Cell(7, 9))) {
            for (Kind kind : WIDE.kinds()) {
                for (Size size : Size.values()) {
                    Scene scene = Scene.of(Background.SEA, new Thing(kind, Colour.RED, size, cell));
                    byte[] rgb = painter.paint(scene).rgb();
                    int[] codes = CODES.of(scene);
                    for (int place = 0; place < codes.length; place++) {
                        int look = 0;
                        for (int i = 0; i < 16 * 16 * 3; i++) {
                            int y = place / 8 * 16 + i / 48;
                            look = 31 * look + rgb[3 * (y * 128 + place % 8 * 16) + i % 48];
                        }
                        assertThat(looks.merge(codes[place], look, (one, other) -> one)).isEqualTo(look);
                    }
                }
            }
        }
    }

    @Test
    void thePiecesShowAll() {
        Set<Integer> codes = new HashSet<>();
        for (int code = 0; code < CODES.size(); code++) {
            codes.add(code < CODES.grounds() ? code : CODES.grounds() + CODES.outline(code) * CODES.colours() + CODES.colour(code));
        }
        assertThat(codes).hasSize(CODES.size());
        assertThat(CODES.pieces()).isEqualTo(52);
        assertThat(CODES.outlines().size()).isLessThanOrEqualTo(16 * 52);
    }

    @Test
    void lossesAreThoseOfTheWholeTables() {
        int width = 8;
        int words = 30;
        int before = 4;
        int vocabulary = words + CODES.size();
        FactoredTables tables = new FactoredTables(CODES, vocabulary, before, width);
        FreshWeights fresh = new FreshWeights(5, 1);
        tables.expect(fresh);
        Map<String, Tensor> random = new TreeMap<>();
        Random dice = new Random(4);
        for (String name : tables.names()) {
            float[] values = new float[Math.toIntExact(fresh.get(name).shape().elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) dice.nextGaussian();
            }
            random.put(name, Tensor.of(name, fresh.get(name).shape(), values));
        }
        int[] ids = {0, 3, before, before + 5, before + 6, before + 5000, before + CODES.size() - 1, vocabulary - 1, before + CODES.size()};
        int[] target = {before + 77, before + 2, 1, vocabulary - 2, before + CODES.size() - 1, before + 6, before + 9000, 3, before + 5};
        float[] hidden = new float[ids.length * width];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = (float) dice.nextGaussian();
        }
        GraphBuilder g = new GraphBuilder();
        Node losses = tables.losses(g, g.input("hidden", TensorType.f32(ids.length, width)), 0);
        Graph graph = g.build(Map.of("embedded", tables.embed(g, 1, ids.length), "losses", losses));
        Map<String, double[]> values = new HashMap<>();
        tables.inputs(ids, target).forEach((name, input) -> values.put(name, IntStream.of(input).asDoubleStream().toArray()));
        random.forEach((name, tensor) -> values.put(name, doubles(tensor.floats())));
        values.put("hidden", doubles(hidden));
        Map<String, double[]> outputs = Interpreter.run(graph, values, Map.of());
        Weights weights = Weights.of(random.values());
        float[] embedding = tables.dense(weights).get(0).floats();
        float[] head = tables.dense(weights).get(1).floats();
        for (int i = 0; i < ids.length; i++) {
            for (int j = 0; j < width; j++) {
                assertThat(outputs.get("embedded")[i * width + j]).isCloseTo(embedding[ids[i] * width + j], within(1e-5));
            }
            double sum = 0;
            for (int id = 0; id < vocabulary; id++) {
                sum += Math.exp(score(hidden, i, head, id, width));
            }
            double expected = Math.log(sum) - score(hidden, i, head, target[i], width);
            assertThat(outputs.get("losses")[i]).as("target %d", target[i]).isCloseTo(expected, within(1e-4));
        }
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private static double score(float[] hidden, int place, float[] head, int id, int width) {
        double score = 0;
        for (int j = 0; j < width; j++) {
            score += hidden[place * width + j] * head[id * width + j];
        }
        return score;
    }
}
