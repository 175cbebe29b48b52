package org.intarsia.vision.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.Fixture.Part;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.PictureFile;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tower of Qwen2.5-VL against transformers' values, computed in float64. */
class Qwen25VlTowerTest {

    @Test
    void agreesWithTheReferenceLayerByLayer() {
        try (Fixture fixture = Fixture.open("qwen2.5-vl")) {
            Image fitted = fitted(fixture, "input");
            Map<String, double[]> values = see(fixture, fitted.height(), fitted.width(), fixture.floats("pixel_values"));
            assertThat(values).containsKeys("vision.embeddings", "vision.layer0.norm1", "vision.layer0.attn", "vision.layer0.norm2",
                    "vision.layer0.mlp", "vision.layer.0", "vision.layer.3", "vision.last_hidden_state", "vision.merger");
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST, 2e-5));
        }
    }

    /** Pictures of several sizes, of which most do not fill their windows. */
    @ParameterizedTest
    @CsvSource({"wide, 32, 88", "tall, 72, 32"})
    void agreesForPicturesOfOtherSizes(String picture, int height, int width) {
        try (Fixture fixture = Fixture.open("qwen2.5-vl")) {
            Map<String, Tensor> golden = Safetensors.read(fixture.directory().resolve("golden-pictures.safetensors"));
            Image fitted = fitted(fixture, picture);
            assertThat(fitted).extracting(Image::height, Image::width).containsExactly(height, width);
            float[] pixels = golden.get(picture + ".pixel_values").floats();
            assertThat(new Qwen25VlTowerFactory().create(fixture).pixels(fitted)).containsExactly(pixels);
            Map<String, double[]> values = see(fixture, height, width, pixels);
            for (String name : new String[] {"vision.last_hidden_state", "vision.merger"}) {
                assertThat(floats(values.get(name))).as(name).containsExactly(golden.get(picture + "." + name).floats(), within(2e-5f));
            }
        }
    }

    @Test
    void seesWhatTheProcessorGave() {
        try (Fixture fixture = Fixture.open("qwen2.5-vl")) {
            VisionTower tower = new Qwen25VlTowerFactory().create(fixture);
            assertThat(tower.pixels(fitted(fixture, "input"))).containsExactly(fixture.floats("pixel_values"));
            assertThat(tower.pixelsPerFeature()).isEqualTo(8);
        }
    }

    /** Two pictures of one size in a batch, each as if it were alone. */
    @Test
    void picturesOfABatchDoNotSeeEachOther() {
        try (Fixture fixture = Fixture.open("qwen2.5-vl")) {
            float[] first = fixture.floats("pixel_values");
            float[] both = Arrays.copyOf(first, 2 * first.length);
            for (int i = 0; i < first.length; i++) {
                both[first.length + i] = -first[i];
            }
            Image fitted = fitted(fixture, "input");
            double[] alone = see(fixture, fitted.height(), fitted.width(), first).get("vision.merger");
            double[] batch = see(fixture, fitted.height(), fitted.width(), both).get("vision.merger");
            assertThat(batch).hasSize(2 * alone.length).startsWith(alone);
            assertThat(Arrays.copyOfRange(batch, alone.length, batch.length)).isNotEqualTo(alone);
        }
    }

    @Test
    void everySquareStandsInOneWindowWhateverTheSize() {
        for (int rows = 1; rows < 8; rows++) {
            for (int columns = 1; columns < 8; columns++) {
                WindowOrder order = WindowOrder.of(rows, columns, 3);
                assertThat(order.units()).hasSize(rows * columns).containsOnly(IntStream.range(0, rows * columns).toArray());
                assertThat(order.groups().stream().mapToInt(group -> group.windows() * group.size()).sum()).isEqualTo(rows * columns);
                int place = 0;
                for (WindowOrder.Group group : order.groups()) {
                    for (int window = 0; window < group.windows(); window++) {
                        Set<Integer> windows = new HashSet<>();
                        for (int i = 0; i < group.size(); i++) {
                            int unit = order.units()[place++];
                            windows.add(100 * (unit / columns / 3) + unit % columns / 3);
                        }
                        assertThat(windows).hasSize(1);
                    }
                }
            }
        }
    }

    @Test
    void namesAllThatIsWrongWithItsConfiguration() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "qwen2_5_vl", "text_config": {"hidden_size": 8}, "vision_config": {"hidden_size": 20, "num_heads": 2,
                 "patch_size": 4, "window_size": 4, "hidden_act": "gelu", "in_chans": 1, "out_hidden_size": 12,
                 "temporal_patch_size": 4, "rope_parameters": {"rope_type": "default"}}}""",
                "preprocessor_config.json", "{\"patch_size\": 14}"));
        assertThatThrownBy(() -> new Qwen25VlTowerFactory().create(model)).isInstanceOf(ModelException.class)
                .hasMessageContainingAll("window_size should be at least patch_size times spatial_merge_size, which is 8",
                        "hidden_size should be a multiple of four times num_heads", "hidden_act should be \"silu\"",
                        "in_chans should be 3", "out_hidden_size should be text_config.hidden_size, which is 8",
                        "rope_type should be \"axial\"", "temporal_patch_size should be 2",
                        "patch_size times spatial_merge_size should be what preprocessor_config.json has, which is 28");
    }

    @Test
    void refusesPicturesThatAreNoWholeFeatures() {
        try (Fixture fixture = Fixture.open("qwen2.5-vl")) {
            GraphBuilder graph = new GraphBuilder();
            Node pixels = graph.input("pixels", TensorType.f32(1, 3, 12, 16));
            assertThatThrownBy(() -> new Qwen25VlTowerFactory().create(fixture).features(graph, pixels))
                    .isInstanceOf(ModelException.class).hasMessage("the vision tower sees pictures whose edges are multiples of 8"
                            + " pixels, not one of 16 × 12: bring it to such a size, or let preprocessor_config.json resize (do_resize)");
        }
    }

    private static Image fitted(Fixture fixture, String picture) {
        return new Qwen25VlTowerFactory().create(fixture).fit(PictureFile.read(fixture.directory().resolve(picture + ".png")));
    }

    private static Map<String, double[]> see(Fixture fixture, int height, int width, float[] pixels) {
        GraphBuilder graph = new GraphBuilder();
        long pictures = pixels.length / (3L * height * width);
        new Qwen25VlTowerFactory().create(fixture).features(graph, graph.input("pixels", TensorType.f32(pictures, 3, height, width)));
        return new TreeMap<>(fixture.run(graph.build(graph.named()), Map.of("pixels", Fixture.doubles(pixels))));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
