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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder against the reference's values, computed in float64. */
class ChameleonEncoderTest {

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void agreesWithTheReference(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            CodebookEncoder encoder = new ChameleonEncoderFactory().create(fixture);
            Map<String, double[]> values = run(fixture, encoder, Fixture.doubles(fixture.floats("vq.pixel_values")), 1);
            assertThat(values.remove("vq.enc.indices")).containsExactly(Fixture.doubles(fixture.ints("vq.enc.indices")));
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST,
                    value.equals("vq.enc.latent") ? 5e-5 : 1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void seesEachPictureOfABatchOnItsOwn(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            CodebookEncoder encoder = new ChameleonEncoderFactory().create(fixture);
            double[] picture = Fixture.doubles(fixture.floats("vq.pixel_values"));
            double[] both = new double[2 * picture.length];
            System.arraycopy(picture, 0, both, picture.length, picture.length);
            double[] indices = run(fixture, encoder, both, 2).get("vq.enc.indices");
            int codes = indices.length / 2;
            assertThat(Arrays.copyOfRange(indices, codes, 2 * codes))
                    .containsExactly(Fixture.doubles(fixture.ints("vq.enc.indices")));
        }
    }

    @Test
    void takesAnyConfigurationAndPictureSize() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "chameleon", "vq_config": {"num_embeddings": 5, "embed_dim": 3, "latent_channels": 2,
                 "base_channels": 32, "channel_multiplier": [1, 2, 2, 1], "num_res_blocks": 1, "resolution": 64,
                 "attn_resolutions": [64, 16]}}""",
                "preprocessor_config.json", """
                {"size": {"height": 20, "width": 20}, "crop_size": {"height": 8, "width": 16}, "resample": 2}"""));
        CodebookEncoder encoder = new ChameleonEncoderFactory().create(model);
        assertThat(List.of(encoder.height(), encoder.width(), encoder.pixelsPerCode(), encoder.codes()))
                .containsExactly(8, 16, 8, 5);
        assertThat(encoder.pixels(encoder.fit(new Image(9, 7, new byte[3 * 9 * 7])))).hasSize(3 * 8 * 16).containsOnly(-1);

        GraphBuilder graph = new GraphBuilder();
        Node latent = encoder.latent(graph, graph.input("pixels", TensorType.f32(2, 3, 24, 16)));
        assertThat(latent.shape()).isEqualTo(Shape.of(2, 3, 3, 2));
        Node indices = encoder.quantize(graph, latent);
        double[] codes = model.run(graph.build(Map.of("indices", indices)), Map.of("pixels", new double[2 * 3 * 24 * 16]))
                .get("indices");
        assertThat(codes).hasSize(2 * 3 * 2);
        assertThat(Arrays.stream(codes)).allMatch(code -> code >= 0 && code < 5);
        String path = "model.vqmodel.encoder.down.";
        assertThat(model.names()).contains(path + "0.attn.0.q.weight", path + "2.attn.0.q.weight")
                .doesNotContain(path + "1.attn.0.q.weight", path + "3.attn.0.q.weight", path + "3.downsample.conv.weight");
    }

    @Test
    void namesAllThatIsWrongWithItsConfiguration() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "chameleon", "vq_config": {"base_channels": 20, "channel_multiplier": [8, 1],
                 "attn_type": "linear", "in_channels": 1, "double_latent": true, "resolution": 0}}"""));
        assertThatThrownBy(() -> new ChameleonEncoderFactory().create(model)).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: "
                        + "vq_config.resolution should be a whole number of at least 1, not 0; "
                        + "vq_config.attn_type should be \"vanilla\" or \"none\", not \"linear\"; "
                        + "vq_config.in_channels should be 3, for red, green and blue; "
                        + "vq_config.double_latent should be false: a code stands for one value, not for mean and variance; "
                        + "vq_config.base_channels times 1 (channel_multiplier) should be a multiple of 32");
    }

    @Test
    void saysWhenTheModelReadsNoPictures() {
        InventedModel model = new InventedModel(Map.of("config.json", "{\"model_type\": \"chameleon\"}"));
        assertThatThrownBy(() -> new ChameleonEncoderFactory().create(model)).isInstanceOf(ModelException.class)
                .hasMessage("config.json of the model in invented cannot be used: vq_config is missing");
    }

    private static Map<String, double[]> run(Fixture fixture, CodebookEncoder encoder, double[] pixels, int pictures) {
        GraphBuilder graph = new GraphBuilder();
        Node input = graph.input("pixels", TensorType.f32(pictures, 3, encoder.height(), encoder.width()));
        Node indices = encoder.quantize(graph, encoder.latent(graph, input));
        Map<String, Node> outputs = new LinkedHashMap<>(graph.named());
        outputs.put("vq.enc.indices", indices);
        return new LinkedHashMap<>(fixture.run(graph.build(outputs), Map.of("pixels", pixels)));
    }
}
