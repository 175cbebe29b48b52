package org.intarsia.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Fields;
import org.intarsia.weights.Weights;

/**
 * Janus in the layout of its authors (deepseek-ai/Janus, {@code model_type} {@code multi_modality}) seen as if it were
 * published in that of transformers ({@code janus}), which our components read. Configuration and names of tensors are
 * translated one by one: either may be in either layout.
 */
final class JanusFiles implements ModelFiles {
    private static final String CONFIG = "config.json";
    private static final String AUTHORS = "multi_modality";
    private static final String OURS = "janus";
    private static final String PARAMS = "params";
    /** The vision towers that the authors' code knows by name (timm's names for those of SigLIP). */
    private static final Map<String, Tower> TOWERS = Map.of(
            "siglip_large_patch16_384", new Tower(1024, 24, 16, 16, 4),
            "siglip_so400m_patch14_384", new Tower(1152, 27, 16, 14, 3.7362),
            "siglip_so400m_patch14_224", new Tower(1152, 27, 16, 14, 3.7362));

    private final ModelFiles files;
    private Weights weights;

    private record Tower(int hidden, int layers, int heads, int patch, double mlpRatio) {
    }

    /** @param files published by the authors, or by transformers with the authors' names of tensors */
    JanusFiles(ModelFiles files) {
        this.files = files;
    }

    @Override
    public Path directory() {
        return files.directory();
    }

    @Override
    public String family() {
        return OURS;
    }

    @Override
    public Optional<String> json(String fileName) {
        Optional<String> text = files.json(fileName);
        return fileName.equals(CONFIG) && files.family().equals(AUTHORS) ? text.map(this::translate) : text;
    }

    @Override
    public synchronized Weights weights() {
        if (weights == null) {
            weights = JanusNames.areIn(files.weights()) ? new JanusNames(files.weights()) : files.weights();
        }
        return weights;
    }

    private String translate(String config) {
        JsonNode root = Fields.read(config, CONFIG + " of the model in " + directory());
        ObjectNode janus = Fields.object().put("model_type", OURS);
        Fields.copy(root, "language_config", janus, "text_config");
        Fields.copy(root, "quantization_config", janus, "quantization_config");
        vision(root, janus.putObject("vision_config"));
        ObjectNode vq = janus.putObject("vq_config");
        JsonNode codes = root.path("gen_vision_config").path(PARAMS);
        Fields.copy(codes, "image_token_size", vq, "num_embeddings");
        Fields.copy(codes, "n_embed", vq, "embed_dim");
        JsonNode aligner = root.path("gen_aligner_config").path(PARAMS);
        Fields.copy(aligner, "n_embed", vq, "projection_dim");
        Fields.copy(aligner, "depth", vq, "num_hidden_layers");
        return janus.toString();
    }

    private void vision(JsonNode root, ObjectNode vision) {
        JsonNode params = root.path("vision_config").path(PARAMS);
        String name = params.path("model_name").asText("siglip_large_patch16_384");
        Tower tower = TOWERS.get(name);
        if (tower == null) {
            throw new ModelException(CONFIG + " of the model in " + directory() + " cannot be used: vision_config.params."
                    + "model_name should be one of " + String.join(", ", new TreeSet<>(TOWERS.keySet())) + ", not '" + name + "'");
        }
        // A number below zero counts from the end, -1 being the last layer.
        int last = params.path("select_layer").asInt(-1);
        vision.put("hidden_size", tower.hidden).put("num_attention_heads", tower.heads).put("patch_size", tower.patch)
                .put("mlp_ratio", tower.mlpRatio)
                .put("num_hidden_layers", last > 0 ? Math.min(last, tower.layers) : tower.layers + last + 1);
        Fields.copy(params, "image_size", vision, "image_size");
        JsonNode aligner = root.path("aligner_config").path(PARAMS);
        Fields.copy(aligner, "n_embed", vision, "projection_dim");
        Fields.copy(aligner, "depth", vision, "depth");
    }
}
