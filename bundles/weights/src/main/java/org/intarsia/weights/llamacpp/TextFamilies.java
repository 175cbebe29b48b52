package org.intarsia.weights.llamacpp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.intarsia.weights.llamacpp.TextFamily.Key;

/**
 * The text families that are written for llama.cpp. To add one: its names of tensors, what stands in its metadata, and what
 * of its {@code config.json} llama.cpp does not compute; then golden files of llama.cpp's own converter, for the tests.
 */
final class TextFamilies {
    private static final String LINEAR = "linear";
    private static final String YARN = "yarn";
    private static final String LLAMA3 = "llama3";
    private static final String SCALE = "query_pre_attn_scalar";
    private static final String WINDOW = "sliding_window";

    private static final Map<String, String> PROJECTIONS = Map.of(
            "self_attn.q_proj", "attn_q",
            "self_attn.k_proj", "attn_k",
            "self_attn.v_proj", "attn_v",
            "self_attn.o_proj", "attn_output",
            "mlp.gate_proj", "ffn_gate",
            "mlp.up_proj", "ffn_up",
            "mlp.down_proj", "ffn_down",
            "input_layernorm", "attn_norm");
    private static final Map<String, String> PLAIN = with(PROJECTIONS, Map.of("post_attention_layernorm", "ffn_norm"));
    private static final Map<String, String> HEAD_NORMS = Map.of(
            "self_attn.q_norm", "attn_q_norm",
            "self_attn.k_norm", "attn_k_norm");
    private static final Map<String, String> GEMMA = with(PROJECTIONS, Map.of(
            "post_attention_layernorm", "post_attention_norm",
            "pre_feedforward_layernorm", "ffn_norm",
            "post_feedforward_layernorm", "post_ffw_norm"));

    private static final List<TextFamily> ALL = List.of(
            new TextFamily(Set.of("llama", "mistral"), "llama", PLAIN,
                    Set.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"),
                    true, false, false, true, Set.of(LINEAR, YARN, LLAMA3), List.of(),
                    Set.of(WINDOW, "mlp_bias", "layer_types"), TextFamilies::llama),
            new TextFamily(Set.of("qwen2"), "qwen2", PLAIN, Set.of("attn_q", "attn_k", "attn_v"),
                    false, false, false, false, Set.of(LINEAR, YARN), List.of(),
                    Set.of(WINDOW, "use_sliding_window", "max_window_layers", "layer_types"), TextFamilies::qwen),
            new TextFamily(Set.of("qwen3"), "qwen3", with(PLAIN, HEAD_NORMS), Set.of(),
                    false, false, false, false, Set.of(LINEAR, YARN), List.of(),
                    Set.of(WINDOW, "use_sliding_window", "max_window_layers", "layer_types"), TextFamilies::qwen3),
            new TextFamily(Set.of("gemma2"), "gemma2", GEMMA, Set.of(),
                    false, true, true, false, Set.of(),
                    List.of(new Key("attn_logit_softcapping", "attn_logit_softcapping", false),
                            new Key("final_logit_softcapping", "final_logit_softcapping", false),
                            new Key("attention.sliding_window", WINDOW, true)),
                    Set.of(WINDOW, "layer_types", SCALE, "hidden_activation", "cache_implementation",
                            "attn_logit_softcapping", "final_logit_softcapping"), TextFamilies::gemma2),
            new TextFamily(Set.of("gemma3_text"), "gemma3", with(GEMMA, HEAD_NORMS), Set.of(),
                    false, true, true, false, Set.of(LINEAR),
                    List.of(new Key("attention.sliding_window", WINDOW, true)),
                    Set.of(WINDOW, "layer_types", SCALE, "hidden_activation", "sliding_window_pattern",
                            "_sliding_window_pattern", "cache_implementation", "rope_local_base_freq"), TextFamilies::gemma3));

    private TextFamilies() {
    }

    static Optional<TextFamily> of(String modelType) {
        return ALL.stream().filter(family -> family.modelTypes().contains(modelType)).findFirst();
    }

    private static Map<String, String> with(Map<String, String> names, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(names);
        all.putAll(more);
        return Map.copyOf(all);
    }

    private static void llama(ConfigFile config) {
        activation(config, "hidden_act", "silu", "swish");
        layers(config, layer -> true);
        // Within a window as long as the context every token is seen, so the window changes nothing.
        if (config.findSize(WINDOW).filter(window -> window < config.size("max_position_embeddings")).isPresent()) {
            throw config.refused(WINDOW, "it attends to all tokens before");
        }
    }

    private static void qwen(ConfigFile config) {
        activation(config, "hidden_act", "silu", "swish");
        layers(config, layer -> true);
        if (Boolean.TRUE.equals(config.fields().get("use_sliding_window"))) {
            throw config.refused("use_sliding_window", "it attends to all tokens before");
        }
        if (config.family().equals("qwen2") && config.headSize() * config.heads() != config.size("hidden_size")) {
            throw config.refused("head_dim", "its heads together have the size of the residual stream");
        }
    }

    private static void qwen3(ConfigFile config) {
        qwen(config);
        config.size("head_dim");
    }

    private static void gemma2(ConfigFile config) {
        gemma(config, 46);
        layers(config, layer -> layer % 2 == 1);
    }

    private static void gemma3(ConfigFile config) {
        gemma(config, 62);
        layers(config, layer -> layer % 6 == 5);
        for (String pattern : List.of("sliding_window_pattern", "_sliding_window_pattern")) {
            if (config.findSize(pattern).filter(every -> every != 6).isPresent()) {
                throw config.refused(pattern, "each sixth layer attends to all tokens before");
            }
        }
    }

    /** @param largest the layers of the 27B model, which llama.cpp knows by their number, and which scales otherwise */
    private static void gemma(ConfigFile config, int largest) {
        activation(config, "hidden_activation", "gelu_pytorch_tanh");
        config.size("head_dim");
        double scale = config.layers() == largest ? config.size("hidden_size") / config.heads() : config.headSize();
        if (config.number(SCALE) != scale) {
            throw config.refused(SCALE, "it divides by the root of " + (long) scale);
        }
        if (Boolean.FALSE.equals(config.fields().get("tie_word_embeddings"))) {
            throw config.refused("tie_word_embeddings", "the embedding table scores the tokens");
        }
    }

    private static void activation(ConfigFile config, String field, String... computed) {
        if (config.has(field) && !List.of(computed).contains(config.fields().get(field))) {
            throw config.refused(field, "it computes " + computed[0]);
        }
    }

    /** Refuses layers that attend to fewer or more tokens than llama.cpp's layers of the same number do. */
    private static void layers(ConfigFile config, java.util.function.IntPredicate full) {
        List<Object> types = JsonTree.list(config.fields(), "layer_types");
        boolean same = IntStream.range(0, types.size())
                .allMatch(i -> types.get(i).equals(full.test(i) ? "full_attention" : "sliding_attention"));
        if (!same) {
            throw config.refused("layer_types", "its layers attend otherwise");
        }
    }
}
