package org.intarsia.vision.encoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.UnitLength;
import org.intarsia.model.blocks.VqGanConfig;

/**
 * Janus reads pictures by a {@link JanusTower}; the codes of those that it makes are those of a VQ-GAN, called VQ-16 there,
 * whose encoder this is. A code is found by direction alone, as the authors do it. It names its intermediate values {@code
 * vq.enc.conv_in}, {@code vq.enc.down.0} and so on, {@code vq.enc.mid}, {@code vq.enc.out}, {@code vq.enc.latent},
 * {@code vq.enc.indices_l2norm}, and {@code vq.enc.indices_no_l2norm}, which are the codes that Hugging Face's port takes.
 */
final class JanusEncoder implements CodebookEncoder, VisionTower {
    private final VqGanConfig config;
    private final JanusPreprocessor preprocessor;
    private final JanusTower tower;
    private final VqGanEncoder network;

    /**
     * Makes the encoder.
     *
     * @throws org.intarsia.model.api.ModelException    when a configuration file is missing or wrong
     * @throws org.intarsia.weights.WeightsException naming every weight that is missing, misshapen or left over
     */
    JanusEncoder(ModelFiles files) {
        ConfigFile file = ConfigFile.read(files, "config.json");
        this.config = VqGanConfig.readJanus(file);
        JanusTower.Config vision = JanusTower.Config.read(file);
        this.preprocessor = JanusPreprocessor.read(files);
        if (preprocessor.size() != vision.size()) {
            file.wrong("vision_config.image_size", "should be " + preprocessor.size() + ", as preprocessor_config.json has it");
        }
        file.check();
        this.network = new VqGanEncoder(config, files.weights());
        this.tower = new JanusTower(vision, files.weights());
    }

    @Override
    public int pixelsPerFeature() {
        return tower.pixelsPerFeature();
    }

    @Override
    public Node features(GraphBuilder graph, Node pixels) {
        return tower.features(graph, pixels);
    }

    @Override
    public int height() {
        return preprocessor.size();
    }

    @Override
    public int width() {
        return preprocessor.size();
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
        Node latent = network.latent(graph, pixels);
        // The reference keeps what stands behind the middle under one name.
        graph.name("vq.enc.mid", graph.named().get("vq.enc.mid.block_2"));
        return latent;
    }

    @Override
    public Node codebook(GraphBuilder graph) {
        return network.codebook(graph);
    }

    @Override
    public Node quantize(GraphBuilder graph, Node latent) {
        Shape shape = latent.shape();
        long places = shape.size(2) * shape.size(3);
        Node rows = graph.reshape(graph.permute(latent, 0, 2, 3, 1), Shape.of(shape.size(0) * places, shape.size(1)));
        Node codebook = codebook(graph);
        graph.name("vq.enc.indices_no_l2norm", graph.nearestCode(rows, codebook));
        Node codes = graph.nearestCode(UnitLength.of(graph, rows), UnitLength.of(graph, codebook));
        graph.name("vq.enc.indices_l2norm", codes);
        return graph.reshape(codes, Shape.of(shape.size(0), places));
    }
}
