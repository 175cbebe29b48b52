package org.intarsia.image.decoder;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.Family;
import org.osgi.service.component.annotations.Component;

/** Makes the picture decoder of models whose {@code model_type} is {@code janus}. */
@ProvidesComponent(kind = ProvidesComponent.IMAGE_DECODER, name = JanusDecoderFactory.NAME,
        family = JanusDecoderFactory.FAMILY)
@Component(service = ComponentFactory.OfImageDecoder.class)
public final class JanusDecoderFactory implements ComponentFactory.OfImageDecoder {
    static final String NAME = "janus-vq";
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
    public ImageDecoder create(ModelFiles files) {
        return new JanusDecoder(files);
    }
}
