package org.example.gpt2.family;

import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.intarsia.model.blocks.NameRules;
import org.intarsia.model.blocks.RenamedFiles;
import org.osgi.service.component.annotations.Component;

/**
 * Says which checkpoints are GPT-2's, and shows them to components. Old ones leave out the {@code transformer.} that all names of
 * tensors begin with, and store a triangle of ones that attention needs no more.
 */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "gpt2", family = "gpt2")
@Component(service = ModelFamily.class)
public final class Gpt2Family extends DescribedFamily {
    private static final NameRules RULES = NameRules.of(new NameRules.Rule("^(?=wte\\.|wpe\\.|h\\.|ln_f\\.)", "transformer."));

    /** Reads {@code gpt2.json}. */
    public Gpt2Family() {
        super("gpt2.json");
    }

    @Override
    public ModelFiles present(ModelFiles published) {
        return new RenamedFiles(published, RULES);
    }
}
