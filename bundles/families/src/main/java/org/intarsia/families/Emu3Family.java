package org.intarsia.families;

import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.intarsia.model.blocks.NameRules;
import org.intarsia.model.blocks.NameRules.Rule;
import org.intarsia.model.blocks.RenamedFiles;
import org.osgi.service.component.annotations.Component;

/** Emu3, published by transformers ({@code emu3}) or by its authors ({@code Emu3}). */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "emu3", family = "emu3")
@Component(service = ModelFamily.class)
public final class Emu3Family extends DescribedFamily {
    /** Of the authors' language model alone, and of the classes of transformers since version 4.52. */
    private static final NameRules REFERENCE = NameRules.of(
            new Rule("^model\\.text_model\\.", "text_model.model."),
            new Rule("^model\\.vqmodel\\.", "vqmodel."),
            new Rule("^(model\\.(layers|norm|embed_tokens)|lm_head)\\.", "text_model.$1."));

    private static final NameRules TO_REFERENCE = NameRules.of(
            new Rule("^text_model\\.model\\.", "model.text_model."),
            new Rule("^vqmodel\\.", "model.vqmodel."),
            new Rule("^text_model\\.lm_head\\.", "lm_head."));

    /** Reads the description. */
    public Emu3Family() {
        super("emu3.json");
    }

    @Override
    public ModelFiles present(ModelFiles published) {
        return published.family().equals(Emu3Files.AUTHORS) ? new Emu3Files(published) : new RenamedFiles(published, REFERENCE);
    }

    @Override
    public String presentedName(String name) {
        return REFERENCE.translate(name);
    }

    @Override
    public String referenceName(String name) {
        return TO_REFERENCE.translate(name);
    }
}
