package org.intarsia.weights.llamacpp;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sorts the fields of {@code config.json}: those that the file says, those that change no result, those that would change
 * it and are refused unless they are at their neutral value, and all others, which the caller names to the user.
 */
final class ConfigKeys {
    private static final Set<String> WRITTEN = Set.of("model_type", "hidden_size", "intermediate_size", "num_hidden_layers",
            "num_attention_heads", "num_key_value_heads", "head_dim", "vocab_size", "max_position_embeddings", "rms_norm_eps",
            "hidden_act", "tie_word_embeddings", "rope_theta", "rope_scaling", "rope_parameters", "attention_bias");

    private static final Set<String> HARMLESS = Set.of("architectures", "auto_map", "transformers_version", "torch_dtype",
            "dtype", "use_cache", "return_dict", "output_attentions", "output_hidden_states", "initializer_range",
            "name_or_path", "attn_implementation", "chunk_size_feed_forward", "id2label", "label2id", "num_labels",
            "problem_type", "license", "torchscript", "use_bfloat16", "pruned_heads", "tf_legacy_loss",
            "task_specific_params", "finetuning_task", "tokenizer_class", "gradient_checkpointing", "unsloth_version",
            "unsloth_fixed", "pretraining_tp", "model_parallel_size", "attention_dropout", "embd_pdrop", "resid_pdrop",
            "hidden_dropout", "dropout", "is_decoder", "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id",
            "sep_token_id", "original_max_position_embeddings");

    /** Fields that are neutral at 1, as they are factors; the others below are at null, false, 0 or an empty value. */
    private static final Set<String> FACTORS = Set.of("partial_rotary_factor", "rotary_pct", "embedding_multiplier",
            "residual_multiplier", "attention_multiplier", "logits_scaling", "logit_scale", "scale_emb", "lm_head_multiplier",
            "embedding_scale", "residual_scale", "mup_multiplier", "key_multiplier");

    private static final Set<String> REFUSED = Set.of("quantization_config", "compression_config", "num_experts",
            "num_local_experts", "n_routed_experts", "moe_num_experts", "num_experts_per_tok", "attn_logit_softcapping",
            "final_logit_softcapping", "logit_softcapping", "attn_logit_softcap", "logits_soft_cap", "clip_qkv",
            "attention_out_bias", "use_bias", "use_qk_norm", "qk_norm", "qk_layernorm", "alibi", "parallel_attn",
            "use_parallel_residual", "q_lora_rank", "kv_lora_rank", "attention_chunk_size", "no_rope_layers",
            "no_rope_layer_interval", "attn_temperature_tuning", "per_layer_config", "is_encoder_decoder",
            "add_cross_attention", "rope_interleave", "rope_interleaved", "scale_depth", "dim_model_base", "mup_base_width",
            "use_mup", "lm_head_bias", "swin_norm", "use_bidirectional_attention", "sliding_window", "use_sliding_window",
            "query_pre_attn_scalar", "mlp_bias", "rope_local_base_freq", "text_config", "vision_config");

    private ConfigKeys() {
    }

    /**
     * Refuses what llama.cpp would compute otherwise; returns the names of the fields that nothing here knows.
     *
     * @throws org.intarsia.weights.WeightsException naming the field
     */
    static List<String> check(ConfigFile config, TextFamily family) {
        Set<String> others = new TreeSet<>(config.fields().keySet());
        others.removeAll(WRITTEN);
        others.removeAll(HARMLESS);
        others.removeAll(family.known());
        // A leading underscore marks what transformers keeps for itself.
        others.removeIf(name -> name.startsWith("_") || isNeutral(config.fields().get(name), FACTORS.contains(name)));
        for (String name : others) {
            if (REFUSED.contains(name) || FACTORS.contains(name)) {
                throw config.refused(name, "");
            }
        }
        family.demands().accept(config);
        return List.copyOf(others);
    }

    private static boolean isNeutral(Object value, boolean factor) {
        return switch (value) {
            case null -> true;
            case Boolean flag -> !flag;
            case Number number -> number.doubleValue() == (factor ? 1 : 0);
            case String text -> text.isEmpty();
            case Collection<?> items -> items.isEmpty();
            default -> false;
        };
    }
}
