package org.intarsia.families;

import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.osgi.service.component.annotations.Component;

/** Gemma 2. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "gemma2", family = "gemma2")
@Component(service = ModelFamily.class)
public final class Gemma2Family extends DescribedFamily {

    /** Reads the description. */
    public Gemma2Family() {
        super("gemma2.json");
    }
}
