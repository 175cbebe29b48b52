package org.intarsia.model.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;

/**
 * Declares in the bundle's manifest that a {@link ComponentFactory} or a {@link ModelFamily} is in it, so that a resolver finds the bundle for a
 * model which requires that kind of component. A model bundle asks with the directive {@code effective:=active}: such a
 * requirement makes no wire, so a component that is installed or uninstalled leaves the model and the engine running.
 *
 * <pre>
 * org.intarsia.component;filter:="(&amp;(kind=image-decoder)(family=chameleon))";effective:=active
 * </pre>
 */
@Capability(namespace = ProvidesComponent.NAMESPACE)
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ProvidesComponent {
    /** The namespace of the capability. */
    String NAMESPACE = "org.intarsia.component";

    /** The kind of a {@link ModelFamily}. */
    String MODEL_FAMILY = "model-family";

    /** The kind of a {@link ComponentFactory.OfTokenizer}. */
    String TOKENIZER = "tokenizer";

    /** The kind of a {@link ComponentFactory.OfPreprocessor}. */
    String PREPROCESSOR = "preprocessor";

    /** The kind of a {@link ComponentFactory.OfVisionEncoder}. */
    String VISION_ENCODER = "vision-encoder";

    /** The kind of a {@link ComponentFactory.OfTransformerCore}. */
    String TRANSFORMER_CORE = "transformer-core";

    /** The kind of a {@link ComponentFactory.OfImageDecoder}. */
    String IMAGE_DECODER = "image-decoder";

    /** One of the kinds above. */
    @Attribute("kind")
    String kind();

    /** The same as {@link ComponentFactory#name} or {@link ModelFamily#name}; a bundle that requires a component beside its own excludes it by this. */
    @Attribute("name")
    String name();

    /** The model families that are served, as {@link ModelFiles#family} names them. */
    @Attribute("family")
    String[] family();
}
