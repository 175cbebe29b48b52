package org.intarsia.image.decoder;

import java.util.Optional;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.VqGanConfig;
import org.osgi.service.component.annotations.Component;

/** Makes the picture decoder of models whose {@code model_type} is {@code chameleon} or {@code liquid}, where the checkpoint has one. */
@ProvidesComponent(kind = ProvidesComponent.IMAGE_DECODER, name = ChameleonDecoderFactory.NAME,
        family = {ChameleonDecoderFactory.FAMILY, ChameleonDecoderFactory.LIQUID})
@Component(service = ComponentFactory.OfImageDecoder.class)
public final class ChameleonDecoderFactory implements ComponentFactory.OfImageDecoder {
    static final String NAME = "chameleon-vq";
    static final String FAMILY = "chameleon";
    /** Which has the VQ-GAN of Chameleon. */
    static final String LIQUID = "liquid";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        Optional<String> other = Family.refuses(files, FAMILY, LIQUID);
        if (other.isPresent()) {
            return other;
        }
        // Some published checkpoints leave the decoder out: they read pictures, but make none.
        Shape bias = Shape.of(VqGanConfig.COLOURS);
        return files.weights().expect(VqGanDecoder.PATH + ".decoder.conv_out.bias", bias).isPresent() ? Optional.empty()
                : Optional.of("the checkpoint was published without a picture decoder (no tensor "
                        + VqGanDecoder.PATH + ".decoder.conv_out.bias)");
    }

    @Override
    public ImageDecoder create(ModelFiles files) {
        return new ChameleonDecoder(files);
    }
}
