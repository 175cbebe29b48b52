package org.intarsia.families;

import org.intarsia.families.gguf.Architecture;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.osgi.service.component.annotations.Component;

/** Gemma 2. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "gemma2", family = "gemma2")
@Component(service = ModelFamily.class)
public final class Gemma2Family extends GgufFamily {

    /** Reads the description. */
    public Gemma2Family() {
        super("gemma2.json", Architecture.GEMMA2);
    }
}
