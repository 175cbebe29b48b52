package org.intarsia.transformer.core;

import java.util.Optional;
import java.util.function.ToIntFunction;
import org.intarsia.model.blocks.ConfigFile;

/**
 * The sizes and variants of a decoder-only transformer, under the names that {@code config.json} gives them in all
 * families here.
 *
 * @param vocabulary    number of tokens
 * @param hidden        size of the residual stream
 * @param layers        number of layers
 * @param heads         heads of the queries
 * @param keyHeads      heads of keys and values, a divisor of {@code heads}
 * @param headDim       size of one head, even
 * @param inner         size of the feed-forward layer
 * @param context       most tokens of one stream
 * @param epsilon       of RMSNorm
 * @param rotary        the rotary embedding
 * @param interleaved   whether the pairs are neighbours, as llama.cpp's converter lays heads out, instead of halves
 * @param headNorms     whether queries and keys are normalised head by head
 * @param swinNorm      whether each norm stands behind its attention or feed-forward layer instead of before it
 * @param attentionBias whether the projections of attention have biases
 * @param innerBias     whether those of the feed-forward layer have
 * @param tied          whether the scores of the tokens come from the embedding matrix where the checkpoint has no matrix
 *                      for them
 */
record DecoderConfig(int vocabulary, int hidden, int layers, int heads, int keyHeads, int headDim, int inner, int context,
        double epsilon, Rotary rotary, boolean interleaved, boolean headNorms, boolean swinNorm,
        boolean attentionBias, boolean innerBias, boolean tied) {
    /** Real ones have some hundred; each is written down. */
    private static final int MOST_LAYERS = 1000;
    private static final String TIED = "tie_word_embeddings";
    private static final int MOST_HEAD_DIM = 1 << 16;
    /** Of all heads together. */
    private static final int MOST_INNER = 1 << 24;

    /**
     * What fields have that a published configuration leaves out, since they are at the default of the family's reference.
     *
     * @param context tokens of one stream
     * @param epsilon of RMSNorm
     * @param theta   base of the rotary frequencies
     * @param sizes   the sizes, for configurations inside others, which are published without any default; else nothing
     */
    record Defaults(int context, double epsilon, double theta, Optional<Sizes> sizes) {
        /** For configurations that always give their sizes. */
        Defaults(int context, double epsilon, double theta) {
            this(context, epsilon, theta, Optional.empty());
        }

        private int size(ConfigFile file, String name, ToIntFunction<Sizes> ofSizes) {
            return sizes.isPresent() ? file.size(name, ofSizes.applyAsInt(sizes.get())) : file.size(name);
        }
    }

    /** Sizes as in {@link DecoderConfig}. */
    record Sizes(int vocabulary, int hidden, int layers, int heads, int keyHeads, int inner) {
    }

    /** Reads the fields; what is wrong with one of them, or between them, is left with the file. */
    static DecoderConfig read(ConfigFile file, Defaults defaults, boolean headNorms) {
        return read(file, file, defaults, headNorms);
    }

    /**
     * Reads the fields of a configuration inside another.
     *
     * @param whole the file, which may say what the inner configuration leaves out
     * @param file  the inner configuration
     */
    static DecoderConfig read(ConfigFile whole, ConfigFile file, Defaults defaults, boolean headNorms) {
        int heads = defaults.size(file, "num_attention_heads", Sizes::heads);
        int hidden = defaults.size(file, "hidden_size", Sizes::hidden);
        int keyHeads = defaults.sizes().map(Sizes::keyHeads).filter(size -> !file.has("num_attention_heads")).orElse(heads);
        boolean ownHeadDim = file.has("head_dim");
        int headDim = ownHeadDim ? file.size("head_dim") : hidden / heads;
        if (headDim > MOST_HEAD_DIM) {
            file.wrong(ownHeadDim ? "head_dim" : "hidden_size", "gives heads of " + headDim + ", and should of at most " + MOST_HEAD_DIM);
            headDim = 2;
        }
        int context = file.size("max_position_embeddings", defaults.context());
        DecoderConfig config = new DecoderConfig(
                defaults.size(file, "vocab_size", Sizes::vocabulary),
                hidden,
                defaults.sizes().isPresent() ? file.sizeUpTo(MOST_LAYERS, "num_hidden_layers", defaults.sizes().get().layers())
                        : file.sizeUpTo(MOST_LAYERS, "num_hidden_layers"),
                heads,
                file.size("num_key_value_heads", keyHeads),
                headDim,
                defaults.size(file, "intermediate_size", Sizes::inner),
                context,
                file.positive("rms_norm_eps", defaults.epsilon()),
                Rotary.read(file, headDim, context, defaults.theta()),
                file.flag("rope_interleaved", false),
                headNorms,
                file.flag("swin_norm", false),
                file.flag("attention_bias", false),
                file.flag("mlp_bias", false),
                (file.has(TIED) ? file : whole).flag(TIED, false));
        String activation = file.text("hidden_act", "silu");
        // Two names of one function.
        if (!activation.equals("silu") && !activation.equals("swish")) {
            file.wrong("hidden_act", "should be \"silu\", not \"" + activation + "\"");
        }
        Variants.refuse(file, context);
        config.checkHeads(file, ownHeadDim);
        return config;
    }

    private void checkHeads(ConfigFile file, boolean ownHeadDim) {
        if (!file.isSound()) {
            return;
        }
        if ((long) heads * headDim > MOST_INNER) {
            file.wrong("num_attention_heads", "(" + heads + ") of " + headDim + " each should make at most " + MOST_INNER);
        }
        if (ownHeadDim && headDim % 2 != 0) {
            file.wrong("head_dim", "(" + headDim + ") should be even");
        } else if (!ownHeadDim && (hidden % heads != 0 || headDim % 2 != 0)) {
            file.wrong("num_attention_heads", "(" + heads + ") should share hidden_size (" + hidden
                    + ") out in heads of one even size");
        }
        if (heads % keyHeads != 0) {
            file.wrong("num_key_value_heads", "(" + keyHeads + ") should divide num_attention_heads (" + heads + ")");
        }
    }

    /** The same with frequencies divided by factors that a checkpoint holds as a tensor. */
    DecoderConfig slowedBy(float[] factors) {
        return new DecoderConfig(vocabulary, hidden, layers, heads, keyHeads, headDim, inner, context, epsilon,
                rotary.slowedBy(factors), interleaved, headNorms, swinNorm, attentionBias, innerBias, tied);
    }
}
