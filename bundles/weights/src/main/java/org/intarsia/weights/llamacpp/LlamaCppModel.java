package org.intarsia.weights.llamacpp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.graph.Shape;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;

/**
 * A model directory as llama.cpp's GGUF file of it: what its metadata says, and its tensors.
 *
 * @param architecture as llama.cpp calls it
 * @param metadata     all but what depends on the encoding
 * @param tensors      in the order of the file
 * @param notes        what the directory says and the file does not, each a clause
 */
public record LlamaCppModel(String architecture, Map<String, Object> metadata, List<WrittenTensor> tensors, List<String> notes) {
    private static final String ROTARY_FACTORS = "rope_freqs.weight";

    /** Returns the family that a directory's {@code config.json} names; empty where it has none, or names none. */
    public static Optional<String> modelType(Path directory) {
        return JsonTree.object(directory.resolve("config.json"))
                .map(config -> config.get("model_type")).filter(String.class::isInstance).map(String.class::cast);
    }

    /**
     * Reads a model directory.
     *
     * @return empty where the directory is no model of a text family that is written for llama.cpp
     * @throws WeightsException when it is one, but llama.cpp would compute something else; the sentence names what
     */
    public static Optional<LlamaCppModel> of(Path directory, Weights weights) {
        Optional<TextFamily> family = modelType(directory).flatMap(TextFamilies::of);
        // Tensors under other names come from a GGUF file, which describes itself.
        return weights.metadata().text("general.architecture").filter(name -> !name.equals("huggingface")).isPresent()
                ? Optional.empty() : family.map(found -> read(directory, weights, found));
    }

    private static LlamaCppModel read(Path directory, Weights weights, TextFamily family) {
        Path file = directory.resolve("config.json");
        ConfigFile config = new ConfigFile(file, family.architecture(), JsonTree.object(file).orElseThrow());
        List<String> unknown = ConfigKeys.check(config, family);
        RotaryScaling rotary = new RotaryScaling(config, family);
        TensorNames names = new TensorNames(config, family, weights);
        List<WrittenTensor> tensors = new ArrayList<>(names.tensors());
        rotary.factors().ifPresent(factors -> tensors.add(WrittenTensor.of(ROTARY_FACTORS,
                Tensor.of(ROTARY_FACTORS, Shape.of(factors.length), factors))));
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("general.architecture", family.architecture());
        metadata.put("general.type", "model");
        metadata.put("general.quantization_version", 2);
        metadata.put("general.name", directory.toAbsolutePath().normalize().getFileName().toString());
        putSizes(config, family, metadata);
        rotary.put(metadata);
        GenerationDefaults.put(directory, metadata);
        TokenizerWriter.put(directory, family, names.vocabulary(), metadata);
        List<String> notes = unknown.isEmpty() ? List.of()
                : List.of("config.json says " + String.join(", ", unknown) + ", which the file does not");
        return new LlamaCppModel(family.architecture(), Map.copyOf(metadata), tensors, notes);
    }

    private static void putSizes(ConfigFile config, TextFamily family, Map<String, Object> metadata) {
        String prefix = family.architecture() + ".";
        metadata.put(prefix + "block_count", config.layers());
        metadata.put(prefix + "context_length", config.size("max_position_embeddings"));
        metadata.put(prefix + "embedding_length", config.size("hidden_size"));
        metadata.put(prefix + "feed_forward_length", config.size("intermediate_size"));
        metadata.put(prefix + "attention.head_count", config.heads());
        metadata.put(prefix + "attention.head_count_kv", config.keyHeads());
        metadata.put(prefix + "attention.layer_norm_rms_epsilon", config.findNumber("rms_norm_eps").orElse(1e-6).floatValue());
        config.findSize("head_dim").ifPresent(size -> {
            metadata.put(prefix + "attention.key_length", size);
            metadata.put(prefix + "attention.value_length", size);
        });
        if (family.vocabularySize()) {
            metadata.put(prefix + "vocab_size", config.size("vocab_size"));
            metadata.put(prefix + "rope.dimension_count", config.headSize());
        }
        for (TextFamily.Key key : family.keys()) {
            metadata.put(prefix + key.name(), key.whole() ? (Object) config.size(key.field())
                    : (Object) (float) config.number(key.field()));
        }
    }

    /** Returns the metadata with those that depend on the encoding. */
    public Metadata metadata(Map<String, ?> more) {
        return Metadata.of(metadata).with(Metadata.of(more));
    }
}
