package org.intarsia.transformer.core;

import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.blocks.ConfigFile;

/**
 * What {@code config.json} says about a transformer of the Chameleon family.
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
 * @param ropeTheta     base of the rotary frequencies
 * @param swinNorm      whether each norm stands behind its attention or feed-forward layer, as in the 30B model, instead
 *                      of before it
 * @param attentionBias whether the projections of attention have biases
 * @param innerBias     whether those of the feed-forward layer have
 * @param tied          whether the scores of the tokens come from the embedding matrix
 * @param tokens        the special tokens and those of pictures
 */
record ChameleonConfig(int vocabulary, int hidden, int layers, int heads, int keyHeads, int headDim, int inner, int context,
        double epsilon, double ropeTheta, boolean swinNorm, boolean attentionBias, boolean innerBias, boolean tied,
        StreamTokens tokens) {

    /** Reads {@code config.json}; one {@code ModelException} names every field that is missing or invalid. */
    static ChameleonConfig read(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        int heads = file.size("num_attention_heads");
        int hidden = file.size("hidden_size");
        int vocabulary = file.size("vocab_size");
        ChameleonConfig config = new ChameleonConfig(vocabulary, hidden,
                file.size("num_hidden_layers"),
                heads,
                file.size("num_key_value_heads", heads),
                hidden / heads,
                file.size("intermediate_size"),
                file.size("max_position_embeddings", 4096),
                file.positive("rms_norm_eps", 1e-5),
                file.positive("rope_theta", 10000),
                file.flag("swin_norm", false),
                file.flag("attention_bias", false),
                file.flag("mlp_bias", false),
                file.flag("tie_word_embeddings", false),
                ChameleonTokens.read(file, vocabulary));
        config.checkRelations(file);
        file.check();
        return config;
    }

    private void checkRelations(ConfigFile file) {
        if (!file.text("hidden_act", "silu").equals("silu")) {
            file.wrong("hidden_act", "should be \"silu\", not \"" + file.text("hidden_act", "") + "\"");
        }
        if (file.has("rope_scaling")) {
            file.wrong("rope_scaling", "is not known for this family and should be null");
        }
        if (file.isSound() && (hidden % heads != 0 || headDim % 2 != 0)) {
            file.wrong("num_attention_heads", "(" + heads + ") should share hidden_size (" + hidden
                    + ") out in heads of one even size");
        }
        if (file.isSound() && heads % keyHeads != 0) {
            file.wrong("num_key_value_heads", "(" + keyHeads + ") should divide num_attention_heads (" + heads + ")");
        }
    }
}
