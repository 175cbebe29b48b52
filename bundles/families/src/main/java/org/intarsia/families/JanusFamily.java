package org.intarsia.families;

import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.osgi.service.component.annotations.Component;

/** Janus and Janus-Pro, published by transformers ({@code janus}) or by their authors ({@code multi_modality}). */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "janus", family = "janus")
@Component(service = ModelFamily.class)
public final class JanusFamily extends DescribedFamily {

    /** Reads the description. */
    public JanusFamily() {
        super("janus.json");
    }

    /** Either of configuration and names of tensors may be the authors', so all are presented. */
    @Override
    public ModelFiles present(ModelFiles published) {
        return new JanusFiles(published);
    }

    @Override
    public String presentedName(String name) {
        return JanusNames.translate(name);
    }
}
