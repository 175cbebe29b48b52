package org.intarsia.families;

import org.intarsia.families.gguf.Architecture;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.osgi.service.component.annotations.Component;

/** Qwen2 and Qwen2.5. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "qwen2", family = "qwen2")
@Component(service = ModelFamily.class)
public final class Qwen2Family extends GgufFamily {

    /** Reads the description. */
    public Qwen2Family() {
        super("qwen2.json", Architecture.QWEN2);
    }
}
