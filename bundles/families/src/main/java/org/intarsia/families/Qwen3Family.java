package org.intarsia.families;

import org.intarsia.families.gguf.Architecture;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ProvidesComponent;
import org.osgi.service.component.annotations.Component;

/** Qwen3, its dense models. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "qwen3", family = "qwen3")
@Component(service = ModelFamily.class)
public final class Qwen3Family extends GgufFamily {

    /** Reads the description. */
    public Qwen3Family() {
        super("qwen3.json", Architecture.QWEN3);
    }
}
