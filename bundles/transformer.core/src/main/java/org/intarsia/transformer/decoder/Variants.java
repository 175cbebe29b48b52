package org.intarsia.transformer.decoder;

import java.util.List;
import java.util.Set;
import org.intarsia.model.blocks.ConfigFile;

/**
 * Fields by which other decoders of the field differ from those here (Granite, Cohere, MiniCPM, mixtures of experts …), or
 * by which one family here differs from the others. A configuration that sets one which its family does not follow asks for
 * another computation, and is refused.
 */
final class Variants {
    /** Neutral where they are absent, null, false, 0 or empty. */
    private static final List<String> ABSENT = List.of(
            "attn_logit_softcapping", "final_logit_softcapping", "logit_softcapping", "attn_logit_softcap", "logits_soft_cap",
            "clip_qkv", "qkv_bias", "use_qkv_bias", "attention_out_bias", "use_bias", "use_qk_norm", "qk_norm",
            "qk_layernorm", "alibi", "parallel_attn", "use_parallel_residual", "num_experts", "num_local_experts",
            "n_routed_experts", "moe_num_experts", "q_lora_rank", "kv_lora_rank", "attention_chunk_size", "no_rope_layers",
            "no_rope_layer_interval", "attn_temperature_tuning", "per_layer_config", "is_encoder_decoder",
            "add_cross_attention", "rope_interleave", "scale_depth", "dim_model_base", "mup_base_width", "use_mup",
            "query_pre_attn_scalar", "attention_multiplier", "lm_head_bias", "use_mrope", "use_bidirectional_attention");
    /** Neutral where they are absent, null or 1. */
    private static final List<String> ONE = List.of(
            "embedding_multiplier", "residual_multiplier", "logits_scaling", "logit_scale", "scale_emb", "lm_head_multiplier",
            "embedding_scale", "residual_scale", "mup_multiplier", "key_multiplier");

    private Variants() {
    }

    /**
     * Leaves a complaint with the file for each field that asks for another computation.
     *
     * @param context most tokens of one stream
     * @param follows fields that the family follows
     */
    static void refuse(ConfigFile file, int context, Set<String> follows) {
        ABSENT.stream().filter(field -> !follows.contains(field) && !file.isOff(field))
                .forEach(field -> file.wrong(field, "is not supported, and changes what the model computes"));
        ONE.stream().filter(field -> file.has(field) && !file.isNumber(field, 1))
                .forEach(field -> file.wrong(field, "should be 1: other values are not supported, and change what the model"
                        + " computes"));
        // A window that no stream outgrows changes nothing.
        boolean windows = file.isOff("use_sliding_window") && file.has("use_sliding_window");
        if (!follows.contains("sliding_window") && !windows && !file.isOff("sliding_window") && file.size("sliding_window", context) < context) {
            file.wrong("sliding_window", "should be absent: attention within a window is not supported");
        }
        if (!follows.contains("layer_types") && file.has("layer_types") && file.texts("layer_types").stream().anyMatch(type -> !type.equals("full_attention"))) {
            file.wrong("layer_types", "should be \"full_attention\" alone: other layers are not supported");
        }
    }
}
