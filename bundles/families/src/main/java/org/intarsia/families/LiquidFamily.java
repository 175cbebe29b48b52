package org.intarsia.families;

import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.DescribedFamily;
import org.osgi.service.component.annotations.Component;

/** Liquid: a Gemma whose tokenizer has marks for pictures, with the VQ-GAN of a Chameleon checkpoint beside it. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "liquid", family = "liquid")
@Component(service = ModelFamily.class)
public final class LiquidFamily extends DescribedFamily {
    private static final List<String> MARKS = List.of("<boi>", "<eoi>", "<unconditional>");

    /** Reads the description. */
    public LiquidFamily() {
        super("liquid.json");
    }

    /** Its {@code model_type} is Gemma's own, so the marks of pictures tell them apart. */
    @Override
    public Optional<String> refuses(ModelFiles published) {
        Optional<String> refusal = super.refuses(published);
        if (refusal.isPresent()) {
            return refusal;
        }
        AddedTokens added = AddedTokens.read(published);
        return MARKS.stream().allMatch(added::has) ? Optional.empty()
                : Optional.of("its tokenizer.json lacks Liquid's marks of pictures, " + String.join(", ", MARKS));
    }

    @Override
    public ModelFiles present(ModelFiles published) {
        return new LiquidFiles(published);
    }
}
