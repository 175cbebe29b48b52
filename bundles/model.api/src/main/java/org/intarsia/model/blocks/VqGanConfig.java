package org.intarsia.model.blocks;

import java.util.List;

/**
 * The sizes of a VQ-GAN, as {@code vq_config} in {@code config.json} gives them.
 *
 * @param codes           how many different codes there are
 * @param codeSize        numbers in one code
 * @param latentChannels  channels between the network and the code
 * @param baseChannels    channels of the highest resolution, times its multiplier
 * @param multipliers     factor on the channels for each level, from the highest resolution to the lowest
 * @param blocks          residual blocks a level in the encoder; the decoder has one more
 * @param resolution      nominal height and width of a picture in pixels
 * @param attentionAt     nominal resolutions of the levels that have attention
 * @param middleAttention whether the lowest resolution has attention in its middle
 */
public record VqGanConfig(int codes, int codeSize, int latentChannels, int baseChannels, List<Integer> multipliers,
        int blocks, int resolution, List<Integer> attentionAt, boolean middleAttention) {

    /** Channels of a picture: red, green and blue. */
    public static final int COLOURS = 3;

    /**
     * Reads {@code vq_config}. What it leaves out has the value that the reference implementation gives it, because
     * checkpoints are published without fields that are at their default.
     */
    public static VqGanConfig read(ConfigFile config) {
        ConfigFile vq = config.at("vq_config");
        String attention = vq.text("attn_type", "vanilla");
        VqGanConfig read = new VqGanConfig(
                vq.size("num_embeddings", 8192),
                vq.size("embed_dim", 256),
                vq.size("latent_channels", 256),
                vq.size("base_channels", 128),
                vq.sizes("channel_multiplier", List.of(1, 1, 2, 2, 4)),
                vq.size("num_res_blocks", 2),
                vq.size("resolution", 512),
                vq.sizes("attn_resolutions", List.of()),
                attention.equals("vanilla"));
        if (!attention.equals("vanilla") && !attention.equals("none")) {
            vq.wrong("attn_type", "should be \"vanilla\" or \"none\", not \"" + attention + "\"");
        }
        if (vq.size("in_channels", COLOURS) != COLOURS) {
            vq.wrong("in_channels", "should be 3, for red, green and blue");
        }
        if (vq.flag("double_latent", false)) {
            vq.wrong("double_latent", "should be false: a code stands for one value, not for mean and variance");
        }
        if (read.multipliers.isEmpty() || read.levels() > 16) {
            vq.wrong("channel_multiplier", "should have 1 to 16 elements");
        }
        for (int multiplier : read.multipliers) {
            if ((long) read.baseChannels * multiplier % VqGan.GROUPS != 0) {
                vq.wrong("base_channels", "times " + multiplier + " (channel_multiplier) should be a multiple of "
                        + VqGan.GROUPS);
            }
        }
        return read;
    }

    public int levels() {
        return multipliers.size();
    }

    /** Channels of a level, counted from 0 at the highest resolution. */
    public int channels(int level) {
        return Math.multiplyExact(baseChannels, multipliers.get(level));
    }

    /** Whether the blocks of a level are each followed by attention. */
    public boolean attentionAt(int level) {
        return middleAttention && attentionAt.contains(resolution >> level);
    }

    /** How many pixels, in each direction, one code stands for. */
    public int pixelsPerCode() {
        return 1 << levels() - 1;
    }
}
