package org.intarsia.vision.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.Fixture.Part;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.VisionEncoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder against the reference's values, computed in float64. */
class ChameleonEncoderTest {

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void agreesWithTheReference(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            VisionEncoder encoder = new ChameleonEncoderFactory().create(fixture);
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
            VisionEncoder encoder = new ChameleonEncoderFactory().create(fixture);
            double[] picture = Fixture.doubles(fixture.floats("vq.pixel_values"));
            double[] both = new double[2 * picture.length];
            System.arraycopy(picture, 0, both, picture.length, picture.length);
            double[] indices = run(fixture, encoder, both, 2).get("vq.enc.indices");
            int codes = indices.length / 2;
            assertThat(Arrays.copyOfRange(indices, codes, 2 * codes))
                    .containsExactly(Fixture.doubles(fixture.ints("vq.enc.indices")));
        }
    }

    private static Map<String, double[]> run(Fixture fixture, VisionEncoder encoder, double[] pixels, int pictures) {
        GraphBuilder graph = new GraphBuilder();
        Node input = graph.input("pixels", TensorType.f32(pictures, 3, encoder.height(), encoder.width()));
        Node indices = encoder.quantize(graph, encoder.latent(graph, input));
        Map<String, Node> outputs = new LinkedHashMap<>(graph.named());
        outputs.put("vq.enc.indices", indices);
        return new LinkedHashMap<>(fixture.run(graph.build(outputs), Map.of("pixels", pixels)));
    }
}
