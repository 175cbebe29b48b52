package org.intarsia.image.decoder;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.Family;
import org.osgi.service.component.annotations.Component;

/** Makes the picture decoder of models whose {@code model_type} is {@code emu3}. */
@ProvidesComponent(kind = ProvidesComponent.IMAGE_DECODER, name = Emu3DecoderFactory.NAME,
        family = Emu3DecoderFactory.FAMILY)
@Component(service = ComponentFactory.OfImageDecoder.class)
public final class Emu3DecoderFactory implements ComponentFactory.OfImageDecoder {
    static final String NAME = "emu3-vq";
    static final String FAMILY = "emu3";

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
        return new Emu3Decoder(files);
    }
}
