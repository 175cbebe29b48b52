package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Emu3 as its authors publish it: the language model in a directory, and in it the picture tokenizer in another. */
class Emu3LayoutTest {
    private static final Path EMU3 = Workshop.FIXTURES.resolve("emu3");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** That of BAAI/Emu3-VisionTokenizer, without what says nothing about sizes. */
    private static final String PUBLISHED = """
            {"model_type": "Emu3VisionVQ", "attn_resolutions": [3], "ch": 256, "ch_mult": [1, 2, 2, 4],
             "codebook_size": 32768, "double_z": false, "embed_dim": 4, "in_channels": 3, "num_res_blocks": 2,
             "out_channels": 3, "temporal_downsample_factor": 4, "z_channels": 4}""";

    @TempDir
    private Path folder;
    private Path vision;

    /** Writes the fixture under the names of the authors' code, with convolutions where transformers has matrices. */
    @BeforeEach
    void writeAsTheAuthorsDo() throws IOException {
        vision = Files.createDirectory(folder.resolve("Emu3-VisionTokenizer"));
        JsonNode config = JSON.readTree(EMU3.resolve("config.json").toFile());
        ObjectNode language = config.path("text_config").deepCopy();
        Files.writeString(folder.resolve("config.json"), language.put("model_type", "Emu3").toString());
        ObjectNode codes = config.path("vq_config").deepCopy();
        codes.remove(List.of("hidden_size", "num_attention_heads"));
        codes.put("model_type", "Emu3VisionVQ");
        Map.of("latent_channels", "z_channels", "double_latent", "double_z", "base_channels", "ch", "channel_multiplier", "ch_mult")
                .forEach((ours, theirs) -> codes.set(theirs, codes.remove(ours)));
        Files.writeString(vision.resolve("config.json"), codes.toString());
        Files.copy(EMU3.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.copy(EMU3.resolve("generation_config.json"), folder.resolve("generation_config.json"));
        Files.writeString(vision.resolve("preprocessor_config.json"), Files.readString(EMU3.resolve("preprocessor_config.json"))
                .replace("Emu3ImageProcessor", "Emu3VisionVQImageProcessor"));
        SortedMap<String, Tensor> languageTensors = new TreeMap<>();
        SortedMap<String, Tensor> visionTensors = new TreeMap<>();
        try (Weights weights = Presented.open(EMU3).weights()) {
            for (String name : weights.names()) {
                Tensor tensor = weights.get(name).copy();
                if (name.startsWith("text_model.")) {
                    put(languageTensors, tensor.named(name.substring("text_model.".length())));
                } else {
                    put(visionTensors, authors(tensor));
                }
            }
        }
        Safetensors.write(folder.resolve("model.safetensors"), languageTensors.values(), Map.of());
        Safetensors.write(vision.resolve("model.safetensors"), visionTensors.values(), Map.of());
        // Some names of each kind, as the modules of the authors' code are called.
        assertThat(languageTensors).containsKeys("lm_head.weight", "model.embed_tokens.weight", "model.layers.1.mlp.up_proj.weight");
        assertThat(visionTensors).containsKeys("encoder.conv_in.weight", "encoder.down.0.block.0.conv1.weight",
                "encoder.down.0.downsample.conv.bias", "encoder.down.2.attn.0.norm.weight", "encoder.down.2.attn.0.q.weight",
                "encoder.mid.block_1.norm1.weight", "encoder.mid.attn_1.norm.bias", "encoder.mid.attn_1.proj_out.bias",
                "encoder.time_conv.1.conv.conv.weight", "encoder.time_res_stack.0.norm1.running_var",
                "decoder.up.2.attn.1.norm.norm_layer.weight", "decoder.up.2.attn.1.norm.conv_y.weight",
                "decoder.up.1.upsample.conv.weight", "decoder.up.0.block.0.nin_shortcut.weight",
                "decoder.mid.attn_1.norm.conv_b.weight", "decoder.mid.attn_1.v.weight", "decoder.norm_out.conv_y.bias",
                "post_quant_conv.conv.weight", "quant_conv.conv.bias", "quantize.embedding.weight");
        assertThat(visionTensors.get("encoder.mid.attn_1.k.weight").shape()).isEqualTo(Shape.of(32, 32, 1, 1));
    }

    private static void put(Map<String, Tensor> tensors, Tensor tensor) {
        assertThat(tensors.put(tensor.name(), tensor)).isNull();
    }

    private static Tensor authors(Tensor tensor) {
        String name = tensor.name().replaceFirst("^vqmodel\\.", "").replace(".down_block.down.", ".down.")
                .replace(".up_block.up.", ".up.").replace(".middle_block.", ".mid.").replace(".attn_norm.", ".attn_1.norm.")
                .replaceFirst("\\.attn_norms\\.(\\d+)\\.", ".attn.$1.norm.").replaceFirst("\\.([qkv])_proj\\.", ".$1.")
                .replace(".out_proj.", ".proj_out.");
        Shape shape = tensor.shape();
        boolean matrix = name.contains(".attn") && shape.rank() == 2;
        return new Tensor(name, matrix ? new TensorType(Shape.of(shape.size(0), shape.size(1), 1, 1), tensor.type().encoding())
                : tensor.type(), tensor.content());
    }

    @Test
    void givesEveryTensorInTheOtherLayoutBitByBit() {
        Layouts.assertSameModel("emu3", folder, EMU3);
    }

    @Test
    void computesTheSameBits() {
        Map<String, Tensor> expected = traced(EMU3);
        Map<String, Tensor> actual = traced(folder);
        assertThat(actual.keySet()).isEqualTo(expected.keySet()).contains("text.logits", "vq.enc.indices",
                "vq.dec.pixels");
        expected.forEach((name, tensor) -> Layouts.assertSameBits(name, actual.get(name), tensor));
    }

    private Map<String, Tensor> traced(Path directory) {
        Path outputs = folder.resolve("out.safetensors");
        try (OpenModel model = new Workshop().withAllFamilies().open(directory)) {
            model.trace(EMU3.resolve("golden.safetensors"), outputs);
        }
        return Safetensors.read(outputs);
    }

    @Test
    void answersAndPaintsTheSame() {
        try (OpenModel expected = new Workshop().withAllFamilies().open(EMU3);
                OpenModel actual = new Workshop().withAllFamilies().open(folder)) {
            Request seen = new Request(List.of(PictureFiles.read(EMU3.resolve("input.png")), new Text("What is shown?")),
                    Goal.ANSWER, Sampling.GREEDY.withMaxTokens(8));
            assertThat(actual.answer(seen).prompt()).isEqualTo(expected.answer(seen).prompt());
            assertThat(actual.answer(seen).ids()).isEqualTo(expected.answer(seen).ids());
            Request asked = new Request(List.of(new Text("a small house")), Goal.PICTURE, expected.sampling(Goal.PICTURE));
            Answer picture = actual.answer(asked);
            assertThat(picture.images()).isEqualTo(expected.answer(asked).images()).hasSize(1);
        }
    }

    @Test
    void translatesThePublishedConfiguration() throws IOException {
        Files.writeString(vision.resolve("config.json"), PUBLISHED);
        JsonNode config = config();
        assertThat(config.path("vq_config")).isEqualTo(JSON.readTree("""
                {"codebook_size": 32768, "embed_dim": 4, "in_channels": 3, "out_channels": 3, "temporal_downsample_factor": 4,
                 "num_res_blocks": 2, "attn_resolutions": [3], "latent_channels": 4, "double_latent": false,
                 "base_channels": 256, "channel_multiplier": [1, 2, 2, 4], "hidden_size": 1024}"""));
        Files.writeString(vision.resolve("config.json"), "{\"model_type\": \"Emu3VisionVQ\"}");
        assertThat(config().path("vq_config")).isEqualTo(JSON.readTree("{\"hidden_size\": 1024}"));
    }

    private JsonNode config() throws IOException {
        try (Presented files = Presented.open(folder)) {
            return JSON.readTree(files.json("config.json").orElseThrow());
        }
    }

    @Test
    void asksForThePictureTokenizer() throws IOException {
        Files.writeString(vision.resolve("config.json"), "{\"model_type\": \"emu3\"}");
        assertThatThrownBy(this::config).isInstanceOf(ModelException.class).hasMessage("config.json of the model in " + vision
                + " should have the model_type Emu3VisionVQ, not 'emu3': put BAAI/Emu3-VisionTokenizer there");
        Files.move(vision, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> new Workshop().open(folder)).isInstanceOf(ModelException.class).hasMessage("the model in " + folder
                + " lacks the picture tokenizer that its authors publish apart: put BAAI/Emu3-VisionTokenizer, or a link to it,"
                + " there as " + vision);
    }

    @Test
    void asksForATokenizer() throws IOException {
        Files.delete(folder.resolve("tokenizer.json"));
        assertThatThrownBy(this::config).isInstanceOf(ModelException.class).hasMessage("the model in " + folder + " has neither"
                + " emu3.tiktoken and emu3_vision_tokens.txt nor tokenizer.json; copy them there from where the weights come from");
    }
}
