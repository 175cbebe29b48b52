package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An architecture of GGUF files, as llama.cpp has it, that can be presented. Immutable.
 *
 * @param name         {@code general.architecture}
 * @param family       the {@code model_type} of what is presented
 * @param layerTensors llama.cpp's names of a layer's tensors, and those of the layout of transformers
 * @param interleaved  whether neighbours of a head are rotated together: so llama.cpp's converter orders the rows of Llama's
 *                     queries and keys
 * @param ownKeys      keys of the metadata that only this architecture has, which {@code fields} reads
 * @param fields       adds fields that only this family has
 */
public record Architecture(String name, String family, Map<String, String> layerTensors, boolean interleaved, Set<String> ownKeys,
        BiConsumer<GgufConfig, ObjectNode> fields) {
    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d+)\\.(\\w+)\\.(weight|bias)");
    /** Of old files: rotary frequencies, which follow from the metadata. */
    private static final String STORED_ROTATION = "attn_rot_embd";
    private static final String WINDOW = "attention.sliding_window";
    private static final String SLIDING_BASE = "rope.freq_base_swa";
    private static final Map<String, String> OUTSIDE = Map.of(
            "token_embd.weight", GgufConfig.EMBEDDING,
            "output_norm.weight", "model.norm.weight",
            "output.weight", GgufConfig.HEAD);
    private static final Map<String, String> PLAIN = Map.of(
            "attn_q", "self_attn.q_proj",
            "attn_k", "self_attn.k_proj",
            "attn_v", "self_attn.v_proj",
            "attn_output", "self_attn.o_proj",
            "ffn_gate", "mlp.gate_proj",
            "ffn_up", "mlp.up_proj",
            "ffn_down", "mlp.down_proj",
            "attn_norm", "input_layernorm",
            "ffn_norm", "post_attention_layernorm");
    private static final Map<String, String> HEAD_NORMS = Map.of(
            "attn_q_norm", "self_attn.q_norm",
            "attn_k_norm", "self_attn.k_norm");
    private static final Map<String, String> AROUND = Map.of(
            "post_attention_norm", "post_attention_layernorm",
            "ffn_norm", "pre_feedforward_layernorm",
            "post_ffw_norm", "post_feedforward_layernorm");

    /** Llama and Mistral, whose biases are optional. */
    public static final Architecture LLAMA = new Architecture("llama", "llama", PLAIN, true, Set.of(), (file, config) -> {
        config.put("hidden_act", "silu");
        config.put("attention_bias", file.has("model.layers.0.self_attn.q_proj.bias"));
        config.put("mlp_bias", file.has("model.layers.0.mlp.up_proj.bias"));
    });
    /** Qwen2 and Qwen2.5. */
    public static final Architecture QWEN2 = new Architecture("qwen2", "qwen2", PLAIN, false, Set.of(),
            (file, config) -> config.put("hidden_act", "silu"));
    /** Qwen3's dense models. */
    public static final Architecture QWEN3 = new Architecture("qwen3", "qwen3", with(PLAIN, HEAD_NORMS), false, Set.of(),
            (file, config) -> config.put("hidden_act", "silu"));
    /** Gemma 2; llama.cpp knows the largest by its 46 layers, and scales its queries otherwise. */
    public static final Architecture GEMMA2 = new Architecture("gemma2", "gemma2", with(PLAIN, AROUND), false,
            Set.of(WINDOW, "attn_logit_softcapping", "final_logit_softcapping"), (file, config) -> {
        gemma(file, config, 46);
        config.put("attn_logit_softcapping", file.number("attn_logit_softcapping").orElse(50.0));
        config.put("final_logit_softcapping", file.number("final_logit_softcapping").orElse(30.0));
    });
    /** The text models of Gemma 3, of which the largest has 62 layers. */
    public static final Architecture GEMMA3 = new Architecture("gemma3", "gemma3_text", with(with(PLAIN, AROUND), HEAD_NORMS), false,
            Set.of(WINDOW, SLIDING_BASE), (file, config) -> {
        gemma(file, config, 62);
        config.put("rope_local_base_freq", file.number(SLIDING_BASE).orElse(10000.0));
        config.put("sliding_window_pattern", 6);
    });

    private static Map<String, String> with(Map<String, String> names, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(names);
        all.putAll(more);
        return Map.copyOf(all);
    }

    private static void gemma(GgufConfig file, ObjectNode config, int largest) {
        config.put("hidden_activation", "gelu_pytorch_tanh");
        // The converter has added it to the weights.
        config.put("rms_norm_unit_offset", false);
        config.put("sliding_window", file.required(WINDOW));
        config.put("query_pre_attn_scalar", config.path("num_hidden_layers").asInt() == largest
                ? config.path("hidden_size").asLong() / config.path("num_attention_heads").asLong() : config.path("head_dim").asLong());
    }

    /** A tensor's name in the layout of transformers; what that does not know, such as {@code rope_freqs}, keeps its own. */
    String tensor(String tensor) {
        Matcher layer = LAYER.matcher(tensor);
        if (layer.matches() && !layer.group(2).equals(STORED_ROTATION)) {
            // A tensor that the layout of transformers does not know is refused there by its name.
            return "model.layers." + layer.group(1) + "." + layerTensors.getOrDefault(layer.group(2), layer.group(2)) + "."
                    + layer.group(3);
        }
        return OUTSIDE.getOrDefault(tensor, tensor);
    }
}
