package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/** What is called how in GGUF files of Llama models, and in the layout of Hugging Face. */
final class LlamaGguf {
    static final String ARCHITECTURE = "llama";
    static final String FAMILY = "llama";

    private static final String PREFIX = ARCHITECTURE + ".";
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";

    private static final Map<String, String> TENSORS = Map.of(
            "token_embd.weight", EMBEDDING,
            "output_norm.weight", "model.norm.weight",
            "output.weight", HEAD);

    private static final Map<String, String> LAYER_TENSORS = Map.of(
            "attn_q", "self_attn.q_proj",
            "attn_k", "self_attn.k_proj",
            "attn_v", "self_attn.v_proj",
            "attn_output", "self_attn.o_proj",
            "ffn_gate", "mlp.gate_proj",
            "ffn_up", "mlp.up_proj",
            "ffn_down", "mlp.down_proj",
            "attn_norm", "input_layernorm",
            "ffn_norm", "post_attention_layernorm");

    /** Of old files: rotary frequencies, which follow from the metadata. */
    private static final String STORED_ROTATION = "attn_rot_embd";
    private static final String SCALING = "rope.scaling.";

    /** Keys of the architecture that are read, or change nothing. */
    private static final Set<String> KNOWN = Set.of("embedding_length", "attention.head_count", "attention.head_count_kv",
            "attention.key_length", "attention.value_length", "attention.layer_norm_rms_epsilon", "feed_forward_length",
            "block_count", "context_length", "vocab_size", "expert_count", "expert_used_count", "rope.dimension_count",
            "rope.freq_base", "rope.scale_linear", "rope.scaling.type", "rope.scaling.factor", "rope.scaling.attn_factor",
            "rope.scaling.original_context_length", "rope.scaling.finetuned", "rope.scaling.yarn_beta_fast",
            "rope.scaling.yarn_beta_slow", "rope.scaling.yarn_ext_factor", "rope.scaling.yarn_attn_factor",
            "rope.scaling.yarn_log_multiplier", "attention.causal", "tensor_data_layout");
    /** Keys that change what the model computes, but for the value 0. */
    private static final List<String> REFUSED = List.of("attention.scale", "attention.clamp_kqv", "attention.max_alibi_bias",
            "attn_logit_softcapping", "final_logit_softcapping", "logit_scale", "residual_scale", "embedding_scale",
            "attention.sliding_window", "attention.temperature_length", "attention.temperature_scale",
            "attention.layer_norm_epsilon", "attention.chunk_size", "interleave_moe_layer_step");

    private LlamaGguf() {
    }

    /** A tensor's name in the layout of Hugging Face; what that does not know, such as {@code rope_freqs}, keeps its own. */
    static String tensor(String name) {
        Matcher layer = LAYER.matcher(name);
        if (layer.matches() && !layer.group(2).equals(STORED_ROTATION)) {
            // A tensor that the layout of Hugging Face does not know is refused there by its name.
            return "model.layers." + layer.group(1) + "." + LAYER_TENSORS.getOrDefault(layer.group(2), layer.group(2)) + "."
                    + layer.group(3);
        }
        return TENSORS.getOrDefault(name, name);
    }

    /**
     * {@code config.json}, with one field of our own: {@code rope_interleaved}, since the converter of llama.cpp permutes
     * the rows of queries and keys so that neighbours are rotated together.
     *
     * @param weights under their new names
     */
    static String config(Path file, Metadata metadata, Weights weights) {
        if (metadata.integer(PREFIX + "expert_count").orElse(0L) > 0) {
            throw new ModelException("'" + file + "' holds a mixture of experts, which cannot be run");
        }
        long hidden = required(file, metadata, "embedding_length");
        long heads = required(file, metadata, "attention.head_count");
        long headSize = metadata.integer(PREFIX + "attention.key_length").orElse(hidden / Math.max(1, heads));
        long rotated = metadata.integer(PREFIX + "rope.dimension_count").orElse(headSize);
        if (rotated != headSize) {
            throw new ModelException("'" + file + "' rotates " + rotated + " of the " + headSize
                    + " dimensions of a head, which cannot be run");
        }
        refuse(file, metadata, headSize);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("model_type", FAMILY);
        config.put("hidden_act", "silu");
        config.put("hidden_size", hidden);
        config.put("intermediate_size", required(file, metadata, "feed_forward_length"));
        config.put("num_hidden_layers", required(file, metadata, "block_count"));
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", metadata.integer(PREFIX + "attention.head_count_kv").orElse(heads));
        config.put("head_dim", headSize);
        config.put("max_position_embeddings", required(file, metadata, "context_length"));
        put(config, "rms_norm_eps", required(metadata.number(PREFIX + "attention.layer_norm_rms_epsilon"), file,
                "attention.layer_norm_rms_epsilon"));
        put(config, "rope_theta", metadata.number(PREFIX + "rope.freq_base").orElse(10000));
        config.put("rope_interleaved", true);
        putScaling(config, file, metadata);
        config.put("vocab_size", vocabulary(file, metadata, weights));
        config.put("tie_word_embeddings", !weights.names().contains(HEAD));
        config.put("attention_bias", weights.names().contains("model.layers.0.self_attn.q_proj.bias"));
        config.put("mlp_bias", weights.names().contains("model.layers.0.mlp.up_proj.bias"));
        metadata.integer("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        ArrayNode ends = config.putArray("eos_token_id");
        new GgufTokenizer(file, metadata).ends().forEach(ends::add);
        return config.toString();
    }

    /** The keys of the architecture that nothing here reads. Those of the tokenizer, and of the file as such, do not count. */
    static List<String> otherKeys(Metadata metadata) {
        return metadata.keys().stream().filter(key -> key.startsWith(PREFIX) && !KNOWN.contains(key.substring(PREFIX.length()))
                && !REFUSED.contains(key.substring(PREFIX.length()))).toList();
    }

    private static void refuse(Path file, Metadata metadata, long headSize) {
        REFUSED.forEach(key -> number(metadata, key).ifPresent(value -> neutral(file, key, value, 0)));
        long values = metadata.integer(PREFIX + "attention.value_length").orElse(headSize);
        neutral(file, "attention.value_length", values, headSize);
        if (!metadata.flag(PREFIX + "attention.causal").orElse(true)) {
            throw new ModelException("'" + file + "' attends to later tokens, too (" + PREFIX + "attention.causal), which is not"
                    + " supported");
        }
    }

    /**
     * Rotary scaling, as llama.cpp reads it: a factor without a type is linear, and an old key holds that of linear scaling.
     * Llama 3's own scaling stands in {@code rope_freqs.weight}, and not here.
     */
    private static void putScaling(ObjectNode config, Path file, Metadata metadata) {
        String type = metadata.text(PREFIX + SCALING + "type").orElse("linear");
        double factor = number(metadata, SCALING + "factor").or(() -> number(metadata, "rope.scale_linear")).orElse(1.0);
        double attention = number(metadata, SCALING + "attn_factor").orElse(1.0);
        if (type.equals("none") || type.equals("linear") && factor == 1) {
            neutral(file, SCALING + "attn_factor", attention, 1);
            return;
        }
        ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", type).put("factor", factor);
        switch (type) {
            case "linear" -> neutral(file, SCALING + "attn_factor", attention, 1);
            case "yarn" -> {
                scaling.put("attention_factor", attention * (factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1));
                metadata.integer(PREFIX + SCALING + "original_context_length")
                        .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
                number(metadata, SCALING + "yarn_beta_fast").ifPresent(turns -> scaling.put("beta_fast", turns));
                number(metadata, SCALING + "yarn_beta_slow").ifPresent(turns -> scaling.put("beta_slow", turns));
                for (String key : List.of("yarn_ext_factor", "yarn_attn_factor")) {
                    number(metadata, SCALING + key).ifPresent(value -> neutral(file, SCALING + key, value, 1));
                }
                number(metadata, SCALING + "yarn_log_multiplier")
                        .ifPresent(value -> neutral(file, SCALING + "yarn_log_multiplier", value, 0));
            }
            default -> throw new ModelException("'" + file + "' scales its rotary embedding by " + Quoted.of(type)
                    + " (" + PREFIX + SCALING + "type), which is not supported; linear and yarn are");
        }
    }

    /** A number above 0; nothing where there is none, or 0, which stands for none. */
    private static Optional<Double> number(Metadata metadata, String key) {
        return metadata.number(PREFIX + key).map(Number::doubleValue).filter(value -> value != 0);
    }

    private static void neutral(Path file, String key, double value, double neutral) {
        if (value != neutral) {
            throw new ModelException("'" + file + "' has " + PREFIX + key + " " + value + ", which is not supported; only "
                    + neutral + " is");
        }
    }

    /** The table's rows, as some files say nothing, and some a number that is not padded as the table is. */
    private static long vocabulary(Path file, Metadata metadata, Weights weights) {
        return weights.find(EMBEDDING).map(Tensor::shape).filter(shape -> shape.rank() == 2).map(shape -> shape.size(0))
                .orElseGet(() -> required(file, metadata, "vocab_size"));
    }

    private static long required(Path file, Metadata metadata, String key) {
        return required(metadata.integer(PREFIX + key), file, key);
    }

    private static <T> T required(Optional<T> value, Path file, String key) {
        return value.orElseThrow(() -> new ModelException("'" + file + "' does not say what its " + PREFIX + key
                + " is; get the file again, or one of another maker"));
    }

    /** As the file has it: a binary32 number by the shortest text that stands for it. */
    private static void put(ObjectNode node, String field, Number number) {
        switch (number) {
            case Float value -> node.put(field, value);
            case Double value -> node.put(field, value);
            default -> node.put(field, number.longValue());
        }
    }
}
