package org.intarsia.vision.encoder;

import java.util.Optional;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.Family;
import org.osgi.service.component.annotations.Component;

/** Makes the picture encoder of models whose {@code model_type} is {@code janus}. */
@ProvidesComponent(kind = ProvidesComponent.VISION_ENCODER, name = JanusEncoderFactory.NAME,
        family = JanusEncoderFactory.FAMILY)
@Component(service = ComponentFactory.OfVisionEncoder.class)
public final class JanusEncoderFactory implements ComponentFactory.OfVisionEncoder {
    static final String NAME = "janus-siglip-vq";
    static final String FAMILY = "janus";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return Family.refuses(files, FAMILY);
    }

    @Override
    public CodebookEncoder create(ModelFiles files) {
        return new JanusEncoder(files);
    }
}
