package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The metadata of a GGUF file as {@code config.json}, with fields of our own: {@code rope_interleaved}, and what its {@link
 * Architecture} adds. Not for use by several threads.
 */
final class GgufConfig {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String HEAD = "lm_head.weight";
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

    private final Path file;
    private final Metadata metadata;
    private final Architecture architecture;
    private final String prefix;
    private final SortedSet<String> tensors;

    /** @param tensors under their new names */
    GgufConfig(Path file, Metadata metadata, Architecture architecture, SortedSet<String> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.architecture = architecture;
        this.prefix = architecture.name() + ".";
        this.tensors = tensors;
    }

    /** Whether there is a tensor of that new name. */
    boolean has(String tensor) {
        return tensors.contains(tensor);
    }

    /**
     * {@code config.json}.
     *
     * @param weights under their new names
     */
    String json(Weights weights) {
        if (metadata.integer(prefix + "expert_count").orElse(0L) > 0) {
            throw new ModelException("'" + file + "' holds a mixture of experts, which cannot be run");
        }
        long hidden = required("embedding_length");
        long heads = required("attention.head_count");
        long headSize = metadata.integer(prefix + "attention.key_length").orElse(hidden / Math.max(1, heads));
        long rotated = metadata.integer(prefix + "rope.dimension_count").orElse(headSize);
        if (rotated != headSize) {
            throw new ModelException("'" + file + "' rotates " + rotated + " of the " + headSize
                    + " dimensions of a head, which cannot be run");
        }
        refuse(headSize);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("model_type", architecture.family());
        config.put("hidden_size", hidden);
        config.put("intermediate_size", required("feed_forward_length"));
        config.put("num_hidden_layers", required("block_count"));
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", metadata.integer(prefix + "attention.head_count_kv").orElse(heads));
        config.put("head_dim", headSize);
        config.put("max_position_embeddings", required("context_length"));
        put(config, "rms_norm_eps", required(metadata.number(prefix + "attention.layer_norm_rms_epsilon"),
                "attention.layer_norm_rms_epsilon"));
        put(config, "rope_theta", metadata.number(prefix + "rope.freq_base").orElse(10000));
        config.put("rope_interleaved", architecture.interleaved());
        putScaling(config);
        config.put("vocab_size", vocabulary(weights));
        config.put("tie_word_embeddings", !has(HEAD));
        architecture.fields().accept(this, config);
        metadata.integer("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        ArrayNode ends = config.putArray("eos_token_id");
        new GgufTokenizer(file, metadata).ends().forEach(ends::add);
        return config.toString();
    }

    /** The keys of the architecture that nothing here reads. Those of the tokenizer, and of the file as such, do not count. */
    List<String> otherKeys() {
        return metadata.keys().stream().filter(key -> key.startsWith(prefix)).filter(key -> {
            String own = key.substring(prefix.length());
            return !KNOWN.contains(own) && !REFUSED.contains(own) && !architecture.ownKeys().contains(own);
        }).toList();
    }

    private void refuse(long headSize) {
        REFUSED.stream().filter(key -> !architecture.ownKeys().contains(key)).forEach(key -> number(key).ifPresent(value -> neutral(key, value, 0)));
        long values = metadata.integer(prefix + "attention.value_length").orElse(headSize);
        neutral("attention.value_length", values, headSize);
        if (!metadata.flag(prefix + "attention.causal").orElse(true)) {
            throw new ModelException("'" + file + "' attends to later tokens, too (" + prefix + "attention.causal), which is not"
                    + " supported");
        }
    }

    /**
     * Rotary scaling, as llama.cpp reads it: a factor without a type is linear, and an old key holds that of linear scaling.
     * Llama 3's own scaling stands in {@code rope_freqs.weight}, and not here.
     */
    private void putScaling(ObjectNode config) {
        String type = metadata.text(prefix + SCALING + "type").orElse("linear");
        double factor = number(SCALING + "factor").or(() -> number("rope.scale_linear")).orElse(1.0);
        double attention = number(SCALING + "attn_factor").orElse(1.0);
        if (type.equals("none") || type.equals("linear") && factor == 1) {
            neutral(SCALING + "attn_factor", attention, 1);
            return;
        }
        ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", type).put("factor", factor);
        switch (type) {
            case "linear" -> neutral(SCALING + "attn_factor", attention, 1);
            case "yarn" -> {
                scaling.put("attention_factor", attention * (factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1));
                metadata.integer(prefix + SCALING + "original_context_length")
                        .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
                number(SCALING + "yarn_beta_fast").ifPresent(turns -> scaling.put("beta_fast", turns));
                number(SCALING + "yarn_beta_slow").ifPresent(turns -> scaling.put("beta_slow", turns));
                for (String key : List.of("yarn_ext_factor", "yarn_attn_factor")) {
                    number(SCALING + key).ifPresent(value -> neutral(SCALING + key, value, 1));
                }
                number(SCALING + "yarn_log_multiplier")
                        .ifPresent(value -> neutral(SCALING + "yarn_log_multiplier", value, 0));
            }
            default -> throw new ModelException("'" + file + "' scales its rotary embedding by " + Quoted.of(type)
                    + " (" + prefix + SCALING + "type), which is not supported; linear and yarn are");
        }
    }

    /** A number above 0; nothing where there is none, or 0, which stands for none. */
    Optional<Double> number(String key) {
        return metadata.number(prefix + key).map(Number::doubleValue).filter(value -> value != 0);
    }

    private void neutral(String key, double value, double neutral) {
        if (value != neutral) {
            throw new ModelException("'" + file + "' has " + prefix + key + " " + value + ", which is not supported; only "
                    + neutral + " is");
        }
    }

    /** The table's rows, as some files say nothing, and some a number that is not padded as the table is. */
    private long vocabulary(Weights weights) {
        return weights.find(EMBEDDING).map(Tensor::shape).filter(shape -> shape.rank() == 2).map(shape -> shape.size(0))
                .orElseGet(() -> required("vocab_size"));
    }

    /** A whole number that has to be there. */
    long required(String key) {
        return required(metadata.integer(prefix + key), key);
    }

    private <T> T required(Optional<T> value, String key) {
        return value.orElseThrow(() -> new ModelException("'" + file + "' does not say what its " + prefix + key
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
