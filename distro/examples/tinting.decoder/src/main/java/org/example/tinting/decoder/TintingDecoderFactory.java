package org.example.tinting.decoder;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes tinted decoders for every model that another factory serves. It is there as long as that factory is: Declarative
 * Services take it away with the other, and bring it back. A changed configuration does the same, so models take the new
 * colour with their next request.
 */
@ProvidesComponent(kind = ProvidesComponent.IMAGE_DECODER, name = TintingDecoderFactory.DECODER,
        family = {"chameleon", "janus", "emu3"})
@Requirement(namespace = ProvidesComponent.NAMESPACE, effective = "active",
        filter = "(&(kind=" + ProvidesComponent.IMAGE_DECODER + ")(!(name=" + TintingDecoderFactory.DECODER + ")))")
@Component(name = TintingDecoderFactory.NAME, property = "service.ranking:Integer=100")
@Designate(ocd = TintingDecoderFactory.Settings.class)
public final class TintingDecoderFactory implements ComponentFactory.OfImageDecoder {
    private static final Logger LOGGER = LoggerFactory.getLogger(TintingDecoderFactory.class);

    /** The name of this component, and the PID of its configuration. */
    static final String NAME = "org.example.tinting.decoder";

    /** Lines as users type them. */
    static final String DECODER = "tinting";

    /** The settings that a user can configure. */
    @ObjectClassDefinition(name = "Tinting image decoder")
    public @interface Settings {
        /** The colour that white becomes, as {@code #rrggbb}. */
        @AttributeDefinition(description = "the colour that white becomes, as #rrggbb")
        String colour() default "#ffd9a0";
    }

    private final ComponentFactory.OfImageDecoder painter;
    private final Optional<Tint> tint;

    /**
     * A factory that tints what another one decodes.
     *
     * @param painter the best other factory: without the filter, this one would wait for itself
     */
    @Activate
    public TintingDecoderFactory(@Reference(target = "(!(component.name=" + NAME + "))") ComponentFactory.OfImageDecoder painter,
            Settings settings) {
        this.painter = painter;
        this.tint = Tint.parse(settings.colour());
        if (tint.isEmpty()) {
            LOGGER.warn("{}: colour should be like #ffd9a0, not '{}'; pictures stay as they are until that is mended", NAME,
                    settings.colour());
        }
    }

    @Override
    public String name() {
        return DECODER;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return tint.isPresent() ? painter.refuses(files) : Optional.of("the colour that is configured for it is none");
    }

    @Override
    public ImageDecoder create(ModelFiles files) {
        return new TintingDecoder(painter.create(files), tint.orElseThrow());
    }
}
