package org.intarsia.image.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.Fixture.Part;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decoder against the reference's values, computed in float64. */
class ChameleonDecoderTest {

    @ParameterizedTest
    @CsvSource({"chameleon-7b, random", "chameleon-7b, from_image", "chameleon-30b, random", "chameleon-30b, from_image"})
    void agreesWithTheReference(String name, String tag) throws IOException {
        try (Fixture fixture = Fixture.open(name)) {
            ImageDecoder decoder = new ChameleonDecoderFactory().create(fixture);
            Map<String, double[]> values = run(fixture, decoder, fixture.ints("vq.dec." + tag + ".indices"));
            double[] pixels = values.get("pixels");
            fixture.assertClose("vq.dec." + tag + ".pixels", pixels, Part.FIRST, 5e-5);
            if (tag.equals("random")) {
                values.remove("pixels");
                values.forEach((value, actual) -> fixture.assertClose("vq.dec.random." + value, actual, Part.FIRST, 1e-4));
            }
            assertSameWithinOneLevel(fixture, decoder, pixels, "decoded_" + tag + ".png");
        }
    }

    @Test
    void takesAnyConfigurationAndGrid() {
        InventedModel model = new InventedModel(Map.of("config.json", """
                {"model_type": "chameleon", "vq_config": {"num_embeddings": 5, "embed_dim": 3, "latent_channels": 2,
                 "base_channels": 32, "channel_multiplier": [1, 2, 1], "num_res_blocks": 1, "resolution": 64,
                 "attn_resolutions": [32], "attn_type": "vanilla"}}""",
                "preprocessor_config.json", "{\"crop_size\": {\"height\": 8, \"width\": 16}}"));
        ImageDecoder decoder = new ChameleonDecoderFactory().create(model);
        assertThat(List.of(decoder.rows(), decoder.columns(), decoder.pixelsPerCode())).containsExactly(2, 4, 4);

        GraphBuilder graph = new GraphBuilder();
        Node latent = decoder.embed(graph, graph.input("codes", TensorType.i32(2, 3)), 1, 3);
        Node pixels = decoder.pixels(graph, latent);
        assertThat(pixels.shape()).isEqualTo(Shape.of(2, 3, 4, 12));
        Map<String, double[]> values = model.run(graph.build(Map.of("latent", latent)),
                Map.of("codes", new double[] {4, 0, 2, 1, 1, 3}));
        double[] codebook = Fixture.doubles(model.get("model.vqmodel.quantize.embedding.weight").floats());
        // The second number of the first code of the second picture.
        assertThat(values.get("latent")[3 * 3 + 3]).isEqualTo(codebook[3 + 1]);
        String path = "model.vqmodel.decoder.up.";
        assertThat(model.names()).contains(path + "1.attn.1.q.weight", path + "2.upsample.conv.weight")
                .doesNotContain(path + "0.attn.0.q.weight", path + "1.attn.2.q.weight", path + "0.upsample.conv.weight");
    }

    @Test
    void refusesACheckpointWithoutADecoder() {
        try (Fixture fixture = Fixture.open("chameleon-7b")) {
            List<Tensor> tensors = fixture.weights().names().stream()
                    .filter(name -> !name.startsWith("model.vqmodel.decoder."))
                    .map(fixture.weights()::get).toList();
            ChameleonDecoderFactory factory = new ChameleonDecoderFactory();
            assertThat(factory.refuses(fixture)).isEmpty();
            assertThat(factory.refuses(fixture.with(Weights.of(tensors)))).contains("the checkpoint was published without"
                    + " a picture decoder (no tensor model.vqmodel.decoder.conv_out.bias)");
        }
    }

    @Test
    void clampsAndTruncatesPixels() {
        try (Fixture fixture = Fixture.open("chameleon-7b")) {
            float[] pixels = {-1, 1, -7, 0, 0.5f, 3, -0.999f, Float.NaN, -0.2f};
            assertThat(new ChameleonDecoderFactory().create(fixture).picture(pixels, 1, 3).rgb())
                    .containsExactly(0, 127, 0, 255, 191, 0, 0, 255, 102);
        }
    }

    private static Map<String, double[]> run(Fixture fixture, ImageDecoder decoder, int[] codes) {
        GraphBuilder graph = new GraphBuilder();
        Node input = graph.input("codes", TensorType.i32(1, codes.length));
        decoder.pixels(graph, decoder.embed(graph, input, decoder.rows(), decoder.columns()));
        Map<String, Node> outputs = new LinkedHashMap<>();
        graph.named().forEach((key, node) -> nameInReference(key).ifPresent(value -> outputs.put(value, node)));
        return new LinkedHashMap<>(fixture.run(graph.build(outputs), Map.of("codes", Fixture.doubles(codes))));
    }

    /** The reference keeps the end of the middle only, and of the levels those that double the resolution. */
    private static Optional<String> nameInReference(String name) {
        return switch (name) {
            case "vq.dec.mid.block_2" -> Optional.of("mid");
            case "vq.dec.mid.block_1", "vq.dec.mid.attn_1", "vq.dec.up.0" -> Optional.empty();
            default -> Optional.of(name.substring("vq.dec.".length()));
        };
    }

    private static void assertSameWithinOneLevel(Fixture fixture, ImageDecoder decoder, double[] pixels, String file)
            throws IOException {
        float[] narrow = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            narrow[i] = (float) pixels[i];
        }
        int height = decoder.rows() * decoder.pixelsPerCode();
        int width = decoder.columns() * decoder.pixelsPerCode();
        Image actual = decoder.picture(narrow, height, width);
        BufferedImage expected = ImageIO.read(fixture.directory().resolve(file).toFile());
        assertThat(new int[] {actual.height(), actual.width()})
                .containsExactly(expected.getHeight(), expected.getWidth());
        for (int place = 0; place < height * width; place++) {
            int rgb = expected.getRGB(place % width, place / width);
            for (int colour = 0; colour < 3; colour++) {
                int level = rgb >> 16 - 8 * colour & 0xFF;
                assertThat(Math.abs((actual.rgb()[3 * place + colour] & 0xFF) - level)).isLessThanOrEqualTo(1);
            }
        }
    }
}
