package org.intarsia.families;

import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.intarsia.model.blocks.NameRules;
import org.intarsia.model.blocks.NameRules.Rule;
import org.osgi.service.component.annotations.Component;

/** Qwen2.5-VL. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "qwen2_5_vl", family = "qwen2_5_vl")
@Component(service = ModelFamily.class)
public final class Qwen25VlFamily extends DescribedFamily {
    /** Published files have the names of the first classes in transformers; the classes of 4.52 and later have others. */
    static final NameRules PUBLISHED = NameRules.of(
            new Rule("^model\\.language_model\\.", "model."),
            new Rule("^model\\.visual\\.", "visual."));
    private static final NameRules REFERENCE = NameRules.of(
            new Rule("^model\\.", "model.language_model."),
            new Rule("^visual\\.", "model.visual."));

    /** Reads the description. */
    public Qwen25VlFamily() {
        super("qwen2_5_vl.json");
    }

    /** Names of tensors and layout of {@code config.json} may each be of either generation, so all are presented. */
    @Override
    public ModelFiles present(ModelFiles published) {
        return new Qwen25VlFiles(published);
    }

    @Override
    public String presentedName(String name) {
        return PUBLISHED.translate(name);
    }

    @Override
    public String referenceName(String name) {
        return REFERENCE.translate(name);
    }
}
