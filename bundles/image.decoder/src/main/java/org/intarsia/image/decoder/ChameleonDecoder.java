package org.intarsia.image.decoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.VqGanConfig;

/**
 * The decoder of Chameleon's VQ-GAN. It names its intermediate values {@code vq.dec.post_quant_conv}, {@code
 * vq.dec.conv_in}, {@code vq.dec.mid.block_1} and so on, {@code vq.dec.up.2} down to {@code vq.dec.up.0}, which is the
 * highest resolution, and {@code vq.dec.pixels}.
 */
final class ChameleonDecoder implements ImageDecoder {

    private final VqGanConfig config;
    private final int rows;
    private final int columns;
    private final VqGanDecoder network;

    /**
     * Makes the decoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    ChameleonDecoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = VqGanConfig.readChameleon(file);
        file.check();
        int height = file.at("vq_config").size("resolution", 512);
        int width = height;
        if (ConfigFile.hasPictureSettings(files)) {
            // Pictures that come out have the size of those that go in, which need not be the nominal one.
            ConfigFile preprocessor = ConfigFile.readPictureSettings(files);
            height = preprocessor.at("crop_size").size("height");
            width = preprocessor.at("crop_size").size("width");
            preprocessor.check();
        }
        this.rows = height / config.pixelsPerCode();
        this.columns = width / config.pixelsPerCode();
        this.network = new VqGanDecoder(config, VqGanDecoder.Levels.FROM_HIGHEST, files.weights());
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int pixelsPerCode() {
        return config.pixelsPerCode();
    }

    @Override
    public Node embed(GraphBuilder graph, Node codes, int rows, int columns) {
        return network.map(graph, network.vectors(graph, codes), rows, columns);
    }

    @Override
    public Node pixels(GraphBuilder graph, Node latent) {
        return network.pixels(graph, latent);
    }
}
