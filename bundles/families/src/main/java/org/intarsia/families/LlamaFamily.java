package org.intarsia.families;

import java.util.List;
import java.util.Optional;
import org.intarsia.families.gguf.GgufFiles;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.blocks.DescribedFamily;
import org.osgi.service.component.annotations.Component;

/** Llama 1 to 3, and whoever publishes models under its name, as directories or GGUF files. */
@ProvidesComponent(kind = ProvidesComponent.MODEL_FAMILY, name = "llama", family = "llama")
@Component(service = ModelFamily.class)
public final class LlamaFamily extends DescribedFamily {

    /** Reads the description. */
    public LlamaFamily() {
        super("llama.json");
    }

    @Override
    public Optional<String> refuses(ModelFiles published) {
        return GgufFiles.are(published) && GgufFiles.isKnown(published) ? Optional.empty() : super.refuses(published);
    }

    @Override
    public ModelFiles present(ModelFiles published) {
        return GgufFiles.are(published) ? new GgufFiles(published) : published;
    }

    @Override
    public List<String> notFollowed(ModelFiles published) {
        return GgufFiles.are(published) ? GgufFiles.notFollowed(published) : super.notFollowed(published);
    }
}
