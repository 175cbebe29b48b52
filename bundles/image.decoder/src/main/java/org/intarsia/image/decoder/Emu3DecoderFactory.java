package org.intarsia.image.decoder;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Family;
import org.osgi.service.component.annotations.Component;

/** Makes the picture decoder of models whose {@code model_type} is {@code emu3}. */
@Component(service = ComponentFactory.OfImageDecoder.class)
public final class Emu3DecoderFactory implements ComponentFactory.OfImageDecoder {
    private static final String FAMILY = "emu3";

    @Override
    public String name() {
        return "emu3-vq";
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
