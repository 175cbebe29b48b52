package org.intarsia.image.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;

/** The decoders of Janus and Emu3 against the references' values, computed in float64. */
class FamiliesTest {

    @Test
    void janusAgreesWithTheReference() throws IOException {
        try (Fixture fixture = Fixture.open("janus")) {
            ImageDecoder decoder = new JanusDecoderFactory().create(fixture);
            assertThat(List.of(decoder.rows(), decoder.columns(), decoder.pixelsPerCode())).containsExactly(6, 6, 4);
            Map<String, double[]> values = decode(fixture, decoder, fixture.ints("vq.dec.indices"), 6, 6);
            assertSameWithinOneLevel(fixture, decoder, values.get("vq.dec.pixels"), "decoded_random.png");
            values.keySet().removeIf(name -> name.startsWith("vq.dec.mid."));
            assertThat(values).containsKeys("vq.dec.post_quant_conv", "vq.dec.conv_in", "vq.dec.mid", "vq.dec.up.0",
                    "vq.dec.up.1", "vq.dec.up.2", "vq.dec.pixels");
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST,
                    value.equals("vq.dec.pixels") ? 5e-5 : 1e-4));
        }
    }

    @Test
    void emu3AgreesWithTheReference() throws IOException {
        try (Fixture fixture = Fixture.open("emu3")) {
            ImageDecoder decoder = new Emu3DecoderFactory().create(fixture);
            assertThat(List.of(decoder.rows(), decoder.columns(), decoder.pixelsPerCode())).containsExactly(16, 16, 4);
            Map<String, double[]> values = decode(fixture, decoder, fixture.ints("vq.dec.indices"), 7, 11);
            assertThat(values).containsKeys("vq.dec.post_quant_conv", "vq.dec.time_res.0", "vq.dec.time_conv.0",
                    "vq.dec.time_conv.1", "vq.dec.conv_in", "vq.dec.mid", "vq.dec.up", "vq.dec.pixels");
            values.forEach((value, actual) -> fixture.assertClose(value, actual, Part.FIRST,
                    value.equals("vq.dec.pixels") ? 2e-5 : 1e-4));
            double[] pixels = decode(fixture, decoder, fixture.ints("vq.enc.indices"), 7, 11).get("vq.dec.pixels");
            fixture.assertClose("vq.dec.from_image.pixels", pixels, Part.FIRST, 2e-5);
            assertSameWithinOneLevel(fixture, decoder, pixels, "decoded_from_image.png");
        }
    }

    @Test
    void emu3MakesPicturesAsThePublishedProcessorAsksForThem() {
        String config = "{\"model_type\": \"emu3\", \"vq_config\": {\"base_channels\": 32, \"hidden_size\": 128}}";
        ImageDecoder published = new Emu3DecoderFactory().create(new InventedModel(Map.of("config.json", config)));
        assertThat(List.of(published.rows(), published.columns(), published.pixelsPerCode())).containsExactly(90, 90, 8);
        ImageDecoder own = new Emu3DecoderFactory().create(new InventedModel(Map.of("config.json", config,
                "generation_config.json", "{\"intarsia\": {\"picture\": {\"height\": 16, \"width\": 40}}}")));
        assertThat(List.of(own.rows(), own.columns())).containsExactly(2, 5);
        InventedModel broken = new InventedModel(Map.of("config.json", config,
                "generation_config.json", "{\"intarsia\": {\"picture\": {\"height\": 17, \"width\": 40}}}"));
        assertThatThrownBy(() -> new Emu3DecoderFactory().create(broken)).isInstanceOf(ModelException.class)
                .hasMessage("generation_config.json of the model in invented cannot be used: intarsia.picture.height should be"
                        + " a multiple of 8, the pixels that one code stands for");
    }

    @Test
    void takeAnyConfigurationAndGrid() {
        InventedModel janus = new InventedModel(Map.of("config.json", """
                {"model_type": "janus", "vision_config": {"image_size": 20, "patch_size": 6},
                 "vq_config": {"num_embeddings": 5, "embed_dim": 3, "latent_channels": 2, "base_channels": 32,
                  "channel_multiplier": [1, 2], "num_res_blocks": 1}}"""));
        assertThat(decode(janus, new JanusDecoderFactory().create(janus))).isEqualTo(Shape.of(2, 3, 4, 6));
        assertThat(janus.names()).contains("model.vqmodel.decoder.up.0.attn.1.q.weight",
                "model.vqmodel.decoder.up.0.upsample.conv.weight")
                .doesNotContain("model.vqmodel.decoder.up.1.attn.0.q.weight", "model.vqmodel.decoder.up.1.upsample.conv.weight");
        InventedModel emu3 = new InventedModel(Map.of("config.json", """
                {"model_type": "emu3", "vq_config": {"codebook_size": 5, "embed_dim": 3, "latent_channels": 3,
                 "base_channels": 32, "channel_multiplier": [2, 1, 2], "num_res_blocks": 1, "attn_resolutions": [0],
                 "hidden_size": 64, "num_attention_heads": 4, "temporal_downsample_factor": 2}}"""))
                // A variance is never negative, as a random number may be.
                .with("vqmodel.decoder.time_res_stack.0.norm1.running_var", Shape.of(3), new float[] {1, 2, 3})
                .with("vqmodel.decoder.time_res_stack.0.norm2.running_var", Shape.of(3), new float[] {3, 2, 1});
        assertThat(decode(emu3, new Emu3DecoderFactory().create(emu3))).isEqualTo(Shape.of(2, 3, 8, 12));
        assertThat(emu3.names()).contains("vqmodel.decoder.up_block.up.0.attn_norms.1.conv_y.weight")
                .doesNotContain("vqmodel.decoder.up_block.up.2.attn_norms.0.conv_y.weight", "vqmodel.decoder.time_conv.1.conv.conv.bias");
    }

    private static Shape decode(InventedModel model, ImageDecoder decoder) {
        GraphBuilder graph = new GraphBuilder();
        Node pixels = decoder.pixels(graph, decoder.embed(graph, graph.input("codes", TensorType.i32(2, 6)), 2, 3));
        double[] values = model.run(graph.build(Map.of("pixels", pixels)), Map.of("codes", new double[12])).get("pixels");
        // Two equal pictures of a batch are made alike.
        for (int i = 0; i < values.length / 2; i++) {
            assertThat(values[i]).isEqualTo(values[values.length / 2 + i]);
        }
        return pixels.shape();
    }

    private static Map<String, double[]> decode(Fixture fixture, ImageDecoder decoder, int[] codes, int rows, int columns) {
        GraphBuilder graph = new GraphBuilder();
        Node input = graph.input("codes", TensorType.i32(1, codes.length));
        decoder.pixels(graph, decoder.embed(graph, input, rows, columns));
        return new LinkedHashMap<>(fixture.run(graph.build(graph.named()), Map.of("codes", Fixture.doubles(codes))));
    }

    private static void assertSameWithinOneLevel(Fixture fixture, ImageDecoder decoder, double[] pixels, String file)
            throws IOException {
        BufferedImage expected = ImageIO.read(fixture.directory().resolve(file).toFile());
        float[] narrow = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            narrow[i] = (float) pixels[i];
        }
        Image actual = decoder.picture(narrow, expected.getHeight(), expected.getWidth());
        for (int i = 0; i < actual.rgb().length; i++) {
            int rgb = expected.getRGB(i / 3 % actual.width(), i / 3 / actual.width());
            assertThat((actual.rgb()[i] & 0xFF) - (rgb >> 16 - 8 * (i % 3) & 0xFF)).isBetween(-1, 1);
        }
    }
}
