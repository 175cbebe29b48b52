package org.intarsia.model.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes one kind of component. A bundle registers its factory as a service under the interface of its kind, one of
 * those nested here, which hold no methods of their own: they only tell the kinds apart.
 *
 * @param <C> the component
 */
@ConsumerType
public interface ComponentFactory<C> {

    /** The name that users type, for example {@code chameleon-vq}; unique within its kind. */
    String name();

    /** Why this factory cannot serve such a model, in one clause; empty when it can. */
    Optional<String> refuses(ModelFiles files);

    /**
     * Makes the component.
     *
     * @throws ModelException or {@link org.intarsia.weights.WeightsException} when the files are broken or do not fit;
     *                        the message names all that is wrong
     */
    C create(ModelFiles files);

    /** Text ↔ ids. */
    @ConsumerType
    interface OfTokenizer extends ComponentFactory<Tokenizer> {
    }

    /** Picture → codes, or features. */
    @ConsumerType
    interface OfVisionEncoder extends ComponentFactory<VisionEncoder> {
    }

    /** Picture → numbers, from {@code preprocessor_config.json} alone: it must not ask for weights. */
    @ConsumerType
    interface OfPreprocessor extends ComponentFactory<PicturePreprocessor> {
    }

    /** Tokens → logits. */
    @ConsumerType
    interface OfTransformerCore extends ComponentFactory<TransformerCore> {
    }

    /** Codes → picture. */
    @ConsumerType
    interface OfImageDecoder extends ComponentFactory<ImageDecoder> {
    }
}
