package org.intarsia.model.blocks;

/**
 * The sizes of Emu3's vision tokenizer, as {@code vq_config} in {@code config.json} gives them.
 *
 * @param spatial the network that sees one frame
 * @param heads   heads of its attention
 * @param frames  frames that one row of codes stands for; a single picture is repeated so often
 */
public record Emu3Config(VqGanConfig spatial, int heads, int frames) {

    /** Reads {@code vq_config}. */
    public static Emu3Config read(ConfigFile config) {
        ConfigFile vq = config.at("vq_config");
        Emu3Config read = new Emu3Config(VqGanConfig.readEmu3(vq), vq.size("num_attention_heads", 1),
                vq.sizeUpTo(64, "temporal_downsample_factor", 4));
        int hidden = vq.size("hidden_size", 1024);
        if (Integer.bitCount(read.frames) != 1) {
            vq.wrong("temporal_downsample_factor", "should be a power of 2");
        }
        if (hidden % read.heads != 0) {
            vq.wrong("hidden_size", "should be a multiple of num_attention_heads");
        }
        if (read.spatial.codeSize() != read.spatial.latentChannels()) {
            vq.wrong("embed_dim", "should be latent_channels: the decoder mixes codes and what was made of them");
        }
        if (vq.isSound()) {
            VqGanConfig spatial = read.spatial;
            int lowest = spatial.levels() - 1;
            for (int level = 0; level <= lowest; level++) {
                if ((level == lowest || spatial.attentionAt(level)) && spatial.channels(level) != hidden) {
                    vq.wrong("hidden_size", "should be the channels where attention is: " + spatial.channels(level)
                            + " at level " + level);
                }
            }
        }
        return read;
    }

    /** How often the number of frames is halved, or doubled. */
    public int halvings() {
        return Integer.numberOfTrailingZeros(frames);
    }
}
