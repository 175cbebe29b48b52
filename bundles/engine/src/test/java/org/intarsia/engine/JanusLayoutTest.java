package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Janus as its authors publish it. */
class JanusLayoutTest {
    private static final Path JANUS = Workshop.FIXTURES.resolve("janus");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** That of deepseek-ai/Janus-Pro-1B, without what says nothing about sizes. */
    private static final String PUBLISHED = """
            {"model_type": "multi_modality",
             "aligner_config": {"cls": "MlpProjector", "params": {"depth": 2, "input_dim": 1024, "n_embed": 2048}},
             "gen_aligner_config": {"cls": "MlpProjector", "params": {"depth": 2, "input_dim": 8, "n_embed": 2048}},
             "gen_head_config": {"params": {"image_token_embed": 2048, "image_token_size": 16384, "n_embed": 2048}},
             "gen_vision_config": {"cls": "VQ-16", "params": {"image_token_size": 16384, "n_embed": 8}},
             "language_config": {"hidden_size": 2048, "intermediate_size": 5632, "max_position_embeddings": 16384,
              "num_attention_heads": 16, "num_hidden_layers": 24, "num_key_value_heads": 16, "vocab_size": 102400},
             "vision_config": {"cls": "CLIPVisionTower", "params": {"image_size": 384,
              "model_name": "siglip_large_patch16_384", "select_feature": "same", "select_layer": -1}}}""";

    @TempDir
    private Path folder;

    @Test
    void givesEveryTensorInTheOtherLayoutBitByBit() throws IOException {
        Files.copy(JANUS.resolve("config.json"), folder.resolve("config.json"));
        writeAsTheAuthorsDo();
        Layouts.assertSameModel("janus", folder, JANUS);
    }

    /** Writes the fixture's tensors under the names that {@code name_map.json} gives, rows put together as it says. */
    private void writeAsTheAuthorsDo() throws IOException {
        Map<String, List<Tensor>> parts = new LinkedHashMap<>();
        Weights weights = Presented.open(JANUS).weights();
        try (weights) {
            for (JsonNode entry : JSON.readTree(JANUS.resolve("name_map.json").toFile()).path("map")) {
                Tensor tensor = weights.get(entry.path("hf").asText()).copy();
                if (entry.path("transform").asText().startsWith("unsqueeze")) {
                    tensor = new Tensor(tensor.name(), new TensorType(Shape.of(1, tensor.shape().size(0),
                            tensor.shape().size(1)), tensor.type().encoding()), tensor.content());
                }
                parts.computeIfAbsent(entry.path("original").asText(), name -> new ArrayList<>()).add(tensor);
            }
        }
        List<Tensor> tensors = new ArrayList<>();
        parts.forEach((name, rows) -> tensors.add(joined(name, rows)));
        tensors.add(Tensor.of("vision_model.vision_tower.attn_pool.latent", Shape.of(1, 1, 2), new float[] {1, 2}));
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }

    private static Tensor joined(String name, List<Tensor> rows) {
        long[] sizes = rows.getFirst().shape().sizes();
        sizes[0] *= rows.size();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        rows.forEach(part -> bytes.writeBytes(part.content().toArray(ValueLayout.JAVA_BYTE)));
        return new Tensor(name, new TensorType(Shape.of(sizes), rows.getFirst().type().encoding()),
                MemorySegment.ofArray(bytes.toByteArray())).copy();
    }

    @Test
    void translatesThePublishedConfiguration() throws IOException {
        try (Presented files = open(PUBLISHED)) {
            assertThat(JSON.readTree(files.json("config.json").orElseThrow())).isEqualTo(JSON.readTree("""
                    {"model_type": "janus",
                     "text_config": {"hidden_size": 2048, "intermediate_size": 5632, "max_position_embeddings": 16384,
                      "num_attention_heads": 16, "num_hidden_layers": 24, "num_key_value_heads": 16, "vocab_size": 102400},
                     "vision_config": {"hidden_size": 1024, "num_attention_heads": 16, "patch_size": 16, "mlp_ratio": 4.0,
                      "num_hidden_layers": 24, "image_size": 384, "projection_dim": 2048, "depth": 2},
                     "vq_config": {"num_embeddings": 16384, "embed_dim": 8, "projection_dim": 2048,
                      "num_hidden_layers": 2}}"""));
        }
    }

    @Test
    void namesTheTowersThatItKnows() throws IOException {
        try (Presented files = open(PUBLISHED.replace("siglip_large_patch16_384", "clip_huge"))) {
            assertThatThrownBy(() -> files.json("config.json")).isInstanceOf(ModelException.class).hasMessageEndingWith(
                    "vision_config.params.model_name should be one of siglip_large_patch16_384, siglip_so400m_patch14_224,"
                            + " siglip_so400m_patch14_384, not 'clip_huge'");
        }
    }

    private Presented open(String config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        writeAsTheAuthorsDo();
        return Presented.open(folder);
    }
}
