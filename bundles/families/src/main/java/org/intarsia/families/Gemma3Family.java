package org.intarsia.families;

import org.intarsia.families.gguf.Architecture;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.osgi.service.component.annotations.Component;

/** Gemma 3, its text models. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "gemma3_text", family = "gemma3_text")
@Component(service = ModelFamily.class)
public final class Gemma3Family extends GgufFamily {

    /** Reads the description. */
    public Gemma3Family() {
        super("gemma3.json", Architecture.GEMMA3);
    }
}
