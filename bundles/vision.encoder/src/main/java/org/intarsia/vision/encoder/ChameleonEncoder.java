package org.intarsia.vision.encoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.VqGanConfig;

/**
 * The encoder of Chameleon's VQ-GAN. It names its intermediate values as the reference's trace does: {@code
 * vq.enc.conv_in}, {@code vq.enc.down.0} and so on, {@code vq.enc.mid.block_1}, {@code vq.enc.out}, {@code
 * vq.enc.latent}.
 */
final class ChameleonEncoder implements CodebookEncoder {
    private final VqGanConfig config;
    private final ChameleonPreprocessor preprocessor;
    private final VqGanEncoder network;

    /**
     * Makes the encoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    ChameleonEncoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = VqGanConfig.readChameleon(file);
        file.check();
        this.preprocessor = files.family().equals(ChameleonEncoderFactory.LIQUID)
                ? ChameleonPreprocessor.readSquare(files, config.pixelsPerCode())
                : ChameleonPreprocessor.read(files, config.pixelsPerCode());
        this.network = new VqGanEncoder(config, files.weights());
    }

    @Override
    public int height() {
        return preprocessor.height();
    }

    @Override
    public int width() {
        return preprocessor.width();
    }

    @Override
    public int pixelsPerCode() {
        return config.pixelsPerCode();
    }

    @Override
    public int codes() {
        return config.codes();
    }

    @Override
    public Image fit(Image image) {
        return preprocessor.fit(image);
    }

    @Override
    public float[] pixels(Image fitted) {
        return preprocessor.pixels(fitted);
    }

    @Override
    public Node latent(GraphBuilder graph, Node pixels) {
        return network.latent(graph, pixels);
    }

    @Override
    public Node codebook(GraphBuilder graph) {
        return network.codebook(graph);
    }
}
