package org.intarsia.image.decoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.UnitLength;
import org.intarsia.model.blocks.VqGanConfig;

/**
 * The decoder of Janus, called VQ-16 there. It names its intermediate values {@code vq.dec.post_quant_conv}, {@code
 * vq.dec.conv_in}, {@code vq.dec.mid.block_1} and so on, {@code vq.dec.mid}, {@code vq.dec.up.0} and so on, of which the
 * last is the highest resolution, and {@code vq.dec.pixels}.
 */
final class JanusDecoder implements ImageDecoder {
    private final VqGanConfig config;
    private final int side;
    private final VqGanDecoder network;

    /**
     * Makes the decoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    JanusDecoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = VqGanConfig.readJanus(file);
        // As many codes in a row as the vision tower sees patches.
        ConfigFile vision = file.at("vision_config");
        this.side = Math.max(1, vision.size("image_size", 384) / vision.size("patch_size", 16));
        file.check();
        this.network = new VqGanDecoder(config, VqGanDecoder.Levels.FROM_LOWEST, files.weights());
    }

    @Override
    public int rows() {
        return side;
    }

    @Override
    public int columns() {
        return side;
    }

    @Override
    public int pixelsPerCode() {
        return config.pixelsPerCode();
    }

    @Override
    public Node embed(GraphBuilder graph, Node codes, int rows, int columns) {
        return network.map(graph, UnitLength.of(graph, network.vectors(graph, codes)), rows, columns);
    }

    @Override
    public Node pixels(GraphBuilder graph, Node latent) {
        return network.pixels(graph, latent);
    }
}
