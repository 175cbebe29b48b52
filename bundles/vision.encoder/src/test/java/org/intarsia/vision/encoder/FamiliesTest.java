package org.intarsia.vision.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.Fixture.Part;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.PictureFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The encoders of Janus and Emu3 against the references' values, computed in float64. */
class FamiliesTest {

    @Test
    void theTowerOfJanusAgreesWithTheReference() {
        try (Fixture fixture = Fixture.open("janus")) {
            CodebookEncoder encoder = new JanusEncoderFactory().create(fixture);
            GraphBuilder graph = new GraphBuilder();
            ((VisionTower) encoder).features(graph, graph.input("pixels", TensorType.f32(1, 3, 24, 24)));
            Map<String, double[]> values = fixture.run(graph.build(graph.named()),
                    Map.of("pixels", Fixture.doubles(fixture.floats("pixel_values"))));
            assertThat(values).containsKeys("vision.embeddings", "vision.layer0.layer_norm1", "vision.layer0.self_attn",
                    "vision.layer0.mlp.fc1", "vision.layer0.mlp", "vision.layer.0", "vision.layer.1",
                    "vision.last_hidden_state", "vision.aligner");
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST, 2e-5));
        }
    }

    @Test
    void theEncoderOfJanusAgreesWithTheReference() {
        try (Fixture fixture = Fixture.open("janus")) {
            Map<String, double[]> values = encode(fixture, new JanusEncoderFactory().create(fixture), 24, 24);
            for (String codes : List.of("vq.enc.indices_l2norm", "vq.enc.indices_no_l2norm")) {
                assertThat(values.remove(codes)).containsExactly(Fixture.doubles(fixture.ints(codes)));
            }
            // Between the blocks of the middle the reference kept nothing.
            values.keySet().removeIf(name -> name.startsWith("vq.enc.mid."));
            assertThat(values).containsKeys("vq.enc.conv_in", "vq.enc.down.2", "vq.enc.mid", "vq.enc.out");
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST,
                    value.equals("vq.enc.latent") ? 5e-5 : 1e-4));
        }
    }

    @Test
    void theEncoderOfEmu3AgreesWithTheReference() {
        try (Fixture fixture = Fixture.open("emu3")) {
            Map<String, double[]> values = encode(fixture, new Emu3EncoderFactory().create(fixture), 28, 44);
            assertThat(values.remove("vq.enc.indices")).containsExactly(Fixture.doubles(fixture.ints("vq.enc.indices")));
            assertThat(values).containsKeys("vq.enc.conv_in", "vq.enc.down", "vq.enc.mid", "vq.enc.spatial_out",
                    "vq.enc.time_conv.0", "vq.enc.time_conv.1", "vq.enc.time_res.0", "vq.enc.latent");
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST,
                    value.equals("vq.enc.latent") ? 2e-5 : 1e-4));
        }
    }

    private static Map<String, double[]> encode(Fixture fixture, CodebookEncoder encoder, int height, int width) {
        GraphBuilder graph = new GraphBuilder();
        encoder.quantize(graph, encoder.latent(graph, graph.input("pixels", TensorType.f32(1, 3, height, width))));
        return new LinkedHashMap<>(fixture.run(graph.build(graph.named()),
                Map.of("pixels", Fixture.doubles(fixture.floats("vq.pixel_values")))));
    }

    @ParameterizedTest
    @CsvSource({"janus, pixel_values", "emu3, vq.pixel_values"})
    void seesWhatTheProcessorsGave(String name, String golden) {
        try (Fixture fixture = Fixture.open(name)) {
            CodebookEncoder encoder = name.equals("janus") ? new JanusEncoderFactory().create(fixture)
                    : new Emu3EncoderFactory().create(fixture);
            Image image = PictureFile.read(fixture.directory().resolve("input.png"));
            assertThat(encoder.pixels(encoder.fit(image))).containsExactly(fixture.floats(golden));
        }
    }

    @Test
    void janusTakesAnyConfiguration() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "janus", "text_config": {"hidden_size": 10},
                 "vision_config": {"image_size": 20, "patch_size": 6, "hidden_size": 12, "num_hidden_layers": 1,
                  "num_attention_heads": 3, "mlp_ratio": 1.3, "attention_bias": false, "projection_dim": 10, "depth": 3,
                  "hidden_act": "gelu_pytorch_tanh"},
                 "vq_config": {"num_embeddings": 5, "embed_dim": 3, "latent_channels": 2, "base_channels": 32,
                  "channel_multiplier": [1, 2], "num_res_blocks": 1}}""",
                "preprocessor_config.json", "{\"image_size\": 20, \"min_size\": 3, \"image_mean\": [0.5, 0.5, 0.5]}"));
        CodebookEncoder encoder = new JanusEncoderFactory().create(model);
        assertThat(List.of(encoder.height(), encoder.width(), encoder.pixelsPerCode(), encoder.codes()))
                .containsExactly(20, 20, 2, 5);
        GraphBuilder graph = new GraphBuilder();
        Node features = ((VisionTower) encoder).features(graph, graph.input("pixels", TensorType.f32(2, 3, 20, 20)));
        assertThat(features.shape()).isEqualTo(Shape.of(2, 9, 10));
        assertThat(model.get("model.vision_model.encoder.layers.0.mlp.fc1.weight").shape()).isEqualTo(Shape.of(15, 12));
        assertThat(model.names()).contains("model.aligner.hidden_layers.1.bias", "model.vqmodel.encoder.down.1.attn.0.q.bias")
                .doesNotContain("model.vision_model.encoder.layers.0.self_attn.q_proj.bias",
                        "model.vqmodel.encoder.down.0.attn.0.q.bias");
        assertThatThrownBy(() -> ((VisionTower) encoder).features(new GraphBuilder(),
                new GraphBuilder().input("pixels", TensorType.f32(1, 3, 12, 20)))).isInstanceOf(ModelException.class)
                .hasMessage("the vision tower sees pictures of 20 × 20 pixels, not of 20 × 12");
    }

    @Test
    void janusNamesAllThatIsWrongWithItsConfiguration() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "janus", "text_config": {"hidden_size": 8}, "vq_config": {"double_latent": true},
                 "vision_config": {"use_qk_norm": true, "hidden_act": "selu", "hidden_size": 10, "image_size": 24}}""",
                "preprocessor_config.json", "{\"image_size\": 20}"));
        assertThatThrownBy(() -> new JanusEncoderFactory().create(model)).isInstanceOf(ModelException.class)
                .hasMessageContainingAll("double_latent should be false", "use_qk_norm should be false",
                        "hidden_act should be", "hidden_size should be a multiple of num_attention_heads",
                        "projection_dim should be text_config.hidden_size, which is 8", "image_size should be 20");
    }

    @Test
    void emu3TakesAnyConfigurationAndPictureSize() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "emu3", "vq_config": {"codebook_size": 5, "embed_dim": 3, "latent_channels": 3,
                 "base_channels": 32, "channel_multiplier": [2, 1, 2], "num_res_blocks": 1, "attn_resolutions": [0],
                 "hidden_size": 64, "num_attention_heads": 4, "temporal_downsample_factor": 2}}""",
                "preprocessor_config.json", "{\"spatial_factor\": 4, \"min_pixels\": 64, \"max_pixels\": 400}"))
                // A variance is never negative, as a random number may be.
                .with("vqmodel.encoder.time_res_stack.0.norm1.running_var", Shape.of(3), new float[] {1, 2, 3})
                .with("vqmodel.encoder.time_res_stack.0.norm2.running_var", Shape.of(3), new float[] {3, 2, 1});
        CodebookEncoder encoder = new Emu3EncoderFactory().create(model);
        assertThat(List.of(encoder.height(), encoder.width(), encoder.pixelsPerCode(), encoder.codes()))
                .containsExactly(20, 20, 4, 5);
        Image fitted = encoder.fit(new Image(30, 7, new byte[3 * 30 * 7]));
        assertThat(List.of(fitted.height(), fitted.width())).containsExactly(8, 32);

        GraphBuilder graph = new GraphBuilder();
        Node latent = encoder.latent(graph, graph.input("pixels", TensorType.f32(2, 3, 8, 12)));
        assertThat(latent.shape()).isEqualTo(Shape.of(2, 3, 2, 3));
        Node codes = encoder.quantize(graph, latent);
        double[] indices = model.run(graph.build(Map.of("indices", codes)), Map.of("pixels", new double[2 * 3 * 8 * 12]))
                .get("indices");
        assertThat(indices).hasSize(2 * 2 * 3);
        assertThat(Arrays.copyOf(indices, 6)).containsExactly(Arrays.copyOfRange(indices, 6, 12));
        String path = "vqmodel.encoder.";
        assertThat(model.names()).contains(path + "down_block.down.0.attn.0.q_proj.weight", path + "time_conv.0.conv.conv.weight")
                .doesNotContain(path + "down_block.down.2.attn.0.q_proj.weight", path + "time_conv.1.conv.conv.weight");
    }
}
