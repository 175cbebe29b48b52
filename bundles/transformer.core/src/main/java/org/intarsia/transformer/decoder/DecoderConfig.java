package org.intarsia.transformer.decoder;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.intarsia.model.blocks.ConfigFile;

/**
 * The sizes and variants of a decoder-only transformer.
 *
 * @param sizes   the sizes
 * @param epsilon of RMSNorm
 * @param block   what all layers have alike
 * @param layers  what each layer has of its own
 * @param ends    what stands before the first layer and behind the last one
 */
public record DecoderConfig(Sizes sizes, double epsilon, Block block, List<LayerVariant> layers, Ends ends) {
    /** Real ones have some hundred; each is written down. */
    private static final int MOST_LAYERS = 1000;
    private static final int MOST_HEAD_DIM = 1 << 16;
    /** Of all heads together. */
    private static final int MOST_INNER = 1 << 24;
    private static final String TIED = "tie_word_embeddings";
    private static final String KEY_HEADS = "num_key_value_heads";
    private static final String HEADS = "num_attention_heads";
    private static final String HEAD_DIM = "head_dim";

    public DecoderConfig {
        layers = List.copyOf(layers);
    }

    /**
     * Sizes, under the names that {@code config.json} gives them in all families here.
     *
     * @param vocabulary number of tokens
     * @param hidden     size of the residual stream
     * @param layers     number of layers
     * @param heads      heads of the queries
     * @param keyHeads   heads of keys and values, a divisor of {@code heads}
     * @param headDim    size of one head, even; 0 among defaults where it is {@code hidden / heads}
     * @param inner      size of the feed-forward layer
     * @param context    most tokens of one stream
     */
    public record Sizes(int vocabulary, int hidden, int layers, int heads, int keyHeads, int headDim, int inner, int context) {
    }

    /**
     * What fields have that a published configuration leaves out, since they are at the default of the family's reference.
     *
     * @param context     tokens of one stream
     * @param epsilon     of RMSNorm
     * @param theta       base of the rotary frequencies
     * @param sizes       the sizes; nothing for families that always give them
     * @param ownKeyHeads whether the number of key heads has its default even where that of the heads is given; otherwise there
     *                    are then as many key heads as heads
     * @param tied        of {@code tie_word_embeddings}
     */
    public record Defaults(int context, double epsilon, double theta, Optional<Sizes> sizes, boolean ownKeyHeads, boolean tied) {
        /** For configurations that always give their sizes. */
        public Defaults(int context, double epsilon, double theta) {
            this(context, epsilon, theta, Optional.empty(), false, false);
        }

        /** For configurations inside others, which are published without any default. */
        public Defaults(double epsilon, double theta, Sizes sizes) {
            this(sizes.context(), epsilon, theta, Optional.of(sizes), false, false);
        }

        /** For the configuration classes of text models in transformers. */
        public static Defaults ofText(double epsilon, double theta, boolean tied, Sizes sizes) {
            return new Defaults(sizes.context(), epsilon, theta, Optional.of(sizes), true, tied);
        }

        private int size(ConfigFile file, String name, ToIntFunction<Sizes> ofSizes) {
            return sizes.isPresent() ? file.size(name, ofSizes.applyAsInt(sizes.get())) : file.size(name);
        }

        private int layers(ConfigFile file) {
            return sizes.isPresent() ? file.sizeUpTo(MOST_LAYERS, "num_hidden_layers", sizes.get().layers())
                    : file.sizeUpTo(MOST_LAYERS, "num_hidden_layers");
        }

        /** A null means as many as heads in all references; only an absent field has the default. */
        private int keyHeads(ConfigFile file, int heads) {
            return file.isNull(KEY_HEADS) ? heads : sizes.filter(all -> ownKeyHeads || !file.has(HEADS)).map(Sizes::keyHeads)
                    .orElse(heads);
        }

        private int headDim() {
            return sizes.map(Sizes::headDim).orElse(0);
        }
    }

    /** Reads the fields; what is wrong with one of them, or between them, is left with the file. */
    public static DecoderConfig read(ConfigFile file, Defaults defaults, FamilyVariant family) {
        return read(file, file, defaults, family);
    }

    /**
     * Reads the fields of a configuration inside another.
     *
     * @param whole the file, which may say what the inner configuration leaves out
     * @param file  the inner configuration
     */
    public static DecoderConfig read(ConfigFile whole, ConfigFile file, Defaults defaults, FamilyVariant family) {
        boolean ownHeadDim = file.has(HEAD_DIM) || defaults.headDim() > 0;
        Sizes sizes = sizes(file, defaults, ownHeadDim);
        double epsilon = file.positive("rms_norm_eps", defaults.epsilon());
        List<LayerVariant> layers = family.layers(file, sizes, defaults.theta());
        Ends ends = family.ends(file, sizes, new Ends(1, 0, tied(whole, file, defaults.tied())));
        DecoderConfig config = new DecoderConfig(sizes, epsilon, family.block(file, sizes, block(file, sizes, family)), layers,
                ends);
        Variants.refuse(file, sizes.context(), family.follows());
        config.checkHeads(file, ownHeadDim);
        return config;
    }

    /** Either may say so, as in the reference: transformers 4 reads the inner configuration, transformers 5 the outer one. */
    private static boolean tied(ConfigFile whole, ConfigFile file, boolean whenAbsent) {
        boolean inner = file.flag(TIED, whenAbsent);
        return inner || whole != file && whole.flag(TIED, whenAbsent);
    }

    private static Sizes sizes(ConfigFile file, Defaults defaults, boolean ownHeadDim) {
        int heads = defaults.size(file, HEADS, Sizes::heads);
        int hidden = defaults.size(file, "hidden_size", Sizes::hidden);
        int headDim = ownHeadDim ? file.size(HEAD_DIM, defaults.headDim()) : hidden / heads;
        if (headDim > MOST_HEAD_DIM) {
            file.wrong(ownHeadDim ? HEAD_DIM : "hidden_size", "gives heads of " + headDim + ", and should of at most " + MOST_HEAD_DIM);
            headDim = 2;
        }
        return new Sizes(
                defaults.size(file, "vocab_size", Sizes::vocabulary),
                hidden,
                defaults.layers(file),
                heads,
                file.size(KEY_HEADS, defaults.keyHeads(file, heads)),
                headDim,
                defaults.size(file, "intermediate_size", Sizes::inner),
                file.size("max_position_embeddings", defaults.context()));
    }

    private static Block block(ConfigFile file, Sizes sizes, FamilyVariant family) {
        return new Block(
                file.flag("swin_norm", false) ? Block.Norms.BEHIND : Block.Norms.BEFORE,
                false,
                Block.HeadNorm.NONE,
                file.flag("attention_bias", false) ? Block.Bias.ALL : Block.Bias.NONE,
                file.flag("mlp_bias", false),
                family.gate(file),
                1 / Math.sqrt(sizes.headDim()),
                0,
                file.flag("rope_interleaved", false));
    }

    private void checkHeads(ConfigFile file, boolean ownHeadDim) {
        if (!file.isSound()) {
            return;
        }
        int heads = sizes.heads();
        int headDim = sizes.headDim();
        if ((long) heads * headDim > MOST_INNER) {
            file.wrong(HEADS, "(" + heads + ") of " + headDim + " each should make at most " + MOST_INNER);
        }
        if (ownHeadDim && headDim % 2 != 0) {
            file.wrong(HEAD_DIM, "(" + headDim + ") should be even");
        } else if (!ownHeadDim && (sizes.hidden() % heads != 0 || headDim % 2 != 0)) {
            file.wrong(HEADS, "(" + heads + ") should share hidden_size (" + sizes.hidden()
                    + ") out in heads of one even size");
        }
        if (heads % sizes.keyHeads() != 0) {
            file.wrong(KEY_HEADS, "(" + sizes.keyHeads() + ") should divide num_attention_heads (" + heads + ")");
        }
    }

    /** The same with frequencies divided by factors that a checkpoint holds as a tensor. */
    public DecoderConfig slowedBy(float[] factors) {
        return new DecoderConfig(sizes, epsilon, block, layers.stream()
                .map(layer -> new LayerVariant(layer.type(), layer.rotary().slowedBy(factors), layer.window())).toList(), ends);
    }
}
