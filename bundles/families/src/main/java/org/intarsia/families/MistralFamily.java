package org.intarsia.families;

import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.osgi.service.component.annotations.Component;

/** Mistral 7B and those built like it. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "mistral", family = "mistral")
@Component(service = ModelFamily.class)
public final class MistralFamily extends DescribedFamily {

    /** Reads the description. */
    public MistralFamily() {
        super("mistral.json");
    }
}
