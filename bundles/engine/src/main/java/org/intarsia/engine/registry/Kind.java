package org.intarsia.engine.registry;

import org.intarsia.model.api.ComponentFactory;

/** The kinds of components, and who ships them in this house. */
public enum Kind {
    TOKENIZER("tokenizer", "org.intarsia.tokenizer", ComponentFactory.OfTokenizer.class),
    VISION_ENCODER("vision encoder", "org.intarsia.vision.encoder", ComponentFactory.OfVisionEncoder.class),
    TRANSFORMER_CORE("transformer core", "org.intarsia.transformer.core", ComponentFactory.OfTransformerCore.class),
    IMAGE_DECODER("image decoder", "org.intarsia.image.decoder", ComponentFactory.OfImageDecoder.class);

    private final String words;
    private final String bundle;
    private final Class<?> factory;

    Kind(String words, String bundle, Class<?> factory) {
        this.words = words;
        this.bundle = bundle;
        this.factory = factory;
    }

    /** Returns the bundle to start or install when there is none. */
    public String bundle() {
        return bundle;
    }

    Class<?> factory() {
        return factory;
    }

    @Override
    public String toString() {
        return words;
    }
}
