package org.intarsia.model.blocks;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.intarsia.text.Quoted;

/**
 * The names of tensors that a decoder here can have, by which a checkpoint of an unknown family can be judged. Layers of one
 * kind count once.
 */
public final class DecoderNames {
    private static final int SHOWN = 4;
    private static final Pattern PARAMETER = Pattern.compile("\\.(?:weight|bias)$");
    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");
    /** In the layout of transformers, and in GGUF files. */
    private static final Pattern KNOWN = Pattern.compile("(?:.*\\.)?(?:embed_tokens|norm|lm_head|layers\\.\\*\\.(?:input_layernorm"
            + "|post_attention_layernorm|pre_feedforward_layernorm|post_feedforward_layernorm|self_attn\\.[qkvo]_proj"
            + "|self_attn\\.[qk]_norm|mlp\\.(?:gate|up|down)_proj)|token_embd|output|output_norm|rope_freqs"
            + "|blk\\.\\*\\.(?:attn_(?:q|k|v|output|norm|q_norm|k_norm)|ffn_(?:gate|up|down|norm)|post_attention_norm|post_ffw_norm))");

    private DecoderNames() {
    }

    /** One clause about the tensors of a checkpoint that no family here has, with {@code *} for the number of a layer. */
    public static String judge(SortedSet<String> names) {
        List<String> unknown = names.stream().map(name -> NUMBER.matcher(PARAMETER.matcher(name).replaceFirst("")).replaceAll("*")).distinct()
                .filter(name -> !KNOWN.matcher(name).matches()).sorted().toList();
        if (unknown.isEmpty()) {
            return "its tensors all have names that a decoder here has, so that a description of the family may be all that is missing";
        }
        SortedSet<String> shown = new TreeSet<>(unknown.subList(0, Math.min(SHOWN, unknown.size())));
        int more = unknown.size() - shown.size();
        return "no family here has its tensors " + shown.stream().map(Quoted::of).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more kinds" : "");
    }
}
