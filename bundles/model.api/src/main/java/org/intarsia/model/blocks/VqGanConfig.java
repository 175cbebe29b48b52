package org.intarsia.model.blocks;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The sizes of a VQ-GAN, as {@code vq_config} in {@code config.json} gives them. What it leaves out has the value that the
 * family's reference implementation gives it, because checkpoints are published without fields that are at their default.
 *
 * @param codes           how many different codes there are
 * @param codeSize        numbers in one code
 * @param latentChannels  channels between the network and the code
 * @param baseChannels    channels of the highest resolution, times its multiplier
 * @param multipliers     factor on the channels for each level, from the highest resolution to the lowest
 * @param blocks          residual blocks a level in the encoder; the decoder has one more
 * @param attentionLevels the levels that have attention, counted from 0 at the highest resolution
 * @param middleAttention whether the lowest resolution has attention in its middle
 */
public record VqGanConfig(int codes, int codeSize, int latentChannels, int baseChannels, List<Integer> multipliers,
        int blocks, List<Integer> attentionLevels, boolean middleAttention) {

    /** Channels of a picture: red, green and blue. */
    public static final int COLOURS = 3;
    private static final int MOST_BLOCKS = 100;
    private static final int MOST_CHANNELS = 1 << 16;

    /** Chameleon's: a level has attention where its nominal resolution says so, whatever size a picture has. */
    public static VqGanConfig readChameleon(ConfigFile config) {
        ConfigFile vq = config.at("vq_config");
        String attention = vq.text("attn_type", "vanilla");
        List<Integer> multipliers = vq.sizes("channel_multiplier", List.of(1, 1, 2, 2, 4));
        int resolution = vq.size("resolution", 512);
        List<Integer> attentionAt = vq.sizes("attn_resolutions", List.of());
        if (!attention.equals("vanilla") && !attention.equals("none")) {
            vq.wrong("attn_type", "should be \"vanilla\" or \"none\", not \"" + attention + "\"");
        }
        boolean attends = attention.equals("vanilla");
        return checked(vq, new VqGanConfig(
                vq.size("num_embeddings", 8192),
                vq.size("embed_dim", 256),
                vq.size("latent_channels", 256),
                vq.size("base_channels", 128),
                multipliers,
                vq.sizeUpTo(MOST_BLOCKS, "num_res_blocks", 2),
                IntStream.range(0, multipliers.size())
                        .filter(level -> attends && attentionAt.contains(resolution >> level)).boxed().toList(),
                attends));
    }

    /** Janus's: the lowest resolution has attention, no other. */
    public static VqGanConfig readJanus(ConfigFile config) {
        ConfigFile vq = config.at("vq_config");
        List<Integer> multipliers = vq.sizes("channel_multiplier", List.of(1, 1, 2, 2, 4));
        return checked(vq, new VqGanConfig(
                vq.size("num_embeddings", 16384),
                vq.size("embed_dim", 8),
                vq.size("latent_channels", 256),
                vq.size("base_channels", 128),
                multipliers,
                vq.sizeUpTo(MOST_BLOCKS, "num_res_blocks", 2),
                List.of(multipliers.size() - 1),
                true));
    }

    /** Emu3's: levels with attention are given by their numbers. */
    static VqGanConfig readEmu3(ConfigFile vq) {
        return checked(vq, new VqGanConfig(
                vq.size("codebook_size", 32768),
                vq.size("embed_dim", 4),
                vq.size("latent_channels", 4),
                vq.size("base_channels", 256),
                vq.sizes("channel_multiplier", List.of(1, 2, 2, 4)),
                vq.sizeUpTo(MOST_BLOCKS, "num_res_blocks", 2),
                vq.numbers("attn_resolutions", List.of(3.0)).stream().map(Double::intValue).toList(),
                true));
    }

    private static VqGanConfig checked(ConfigFile vq, VqGanConfig read) {
        if (vq.size("in_channels", COLOURS) != COLOURS) {
            vq.wrong("in_channels", "should be 3, for red, green and blue");
        }
        if (vq.size("out_channels", COLOURS) != COLOURS) {
            vq.wrong("out_channels", "should be 3, for red, green and blue");
        }
        if (vq.flag("double_latent", false)) {
            vq.wrong("double_latent", "should be false: a code stands for one value, not for mean and variance");
        }
        if (read.multipliers.isEmpty() || read.levels() > 16) {
            vq.wrong("channel_multiplier", "should have 1 to 16 elements");
        }
        for (int multiplier : read.multipliers) {
            if ((long) read.baseChannels * multiplier > MOST_CHANNELS) {
                vq.wrong("base_channels", "times " + multiplier + " (channel_multiplier) should be at most " + MOST_CHANNELS);
            } else if ((long) read.baseChannels * multiplier % VqGan.GROUPS != 0) {
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
        return attentionLevels.contains(level);
    }

    /** How many pixels, in each direction, one code stands for. */
    public int pixelsPerCode() {
        return 1 << levels() - 1;
    }
}
