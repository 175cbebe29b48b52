package org.intarsia.families;

import java.util.Optional;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelLayout;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.osgi.service.component.annotations.Component;

/** Chameleon itself, Anole, which is Chameleon with its picture output unlocked, and Lumina-mGPT. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "chameleon", family = "chameleon")
@Component(service = ModelFamily.class)
public final class ChameleonFamily extends DescribedFamily {

    /** Reads the description. */
    public ChameleonFamily() {
        super("chameleon.json");
    }

    @Override
    public Optional<ModelLayout> layout() {
        return Optional.of(new ChameleonLayout());
    }
}
