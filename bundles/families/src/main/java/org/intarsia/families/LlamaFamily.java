package org.intarsia.families;

import org.intarsia.families.gguf.Architecture;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.osgi.service.component.annotations.Component;

/** Llama 1 to 3, and whoever publishes models under its name. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "llama", family = "llama")
@Component(service = ModelFamily.class)
public final class LlamaFamily extends GgufFamily {

    /** Reads the description. */
    public LlamaFamily() {
        super("llama.json", Architecture.LLAMA);
    }
}
