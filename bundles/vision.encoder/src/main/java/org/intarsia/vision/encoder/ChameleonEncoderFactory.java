package org.intarsia.vision.encoder;

import java.util.Optional;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.Family;
import org.osgi.service.component.annotations.Component;

/** Makes the picture encoder of models whose {@code model_type} is {@code chameleon} or {@code liquid}. */
@ProvidesComponent(kind = ProvidesComponent.VISION_ENCODER, name = ChameleonEncoderFactory.NAME,
        family = {ChameleonEncoderFactory.FAMILY, ChameleonEncoderFactory.LIQUID})
@Component(service = ComponentFactory.OfVisionEncoder.class)
public final class ChameleonEncoderFactory implements ComponentFactory.OfVisionEncoder {
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
        return Family.refuses(files, FAMILY, LIQUID);
    }

    @Override
    public CodebookEncoder create(ModelFiles files) {
        return new ChameleonEncoder(files);
    }
}
