package org.intarsia.families;

import java.util.List;
import java.util.Optional;
import org.intarsia.families.gguf.Architecture;
import org.intarsia.families.gguf.GgufFiles;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.DescribedFamily;

/** A family that is published as directories in the layout of transformers, and as GGUF files of llama.cpp. */
abstract class GgufFamily extends DescribedFamily {
    private final Architecture architecture;

    GgufFamily(String resource, Architecture architecture) {
        super(resource);
        this.architecture = architecture;
    }

    @Override
    public Optional<String> refuses(ModelFiles published) {
        return GgufFiles.are(published) && published.family().equals(architecture.name()) ? Optional.empty()
                : super.refuses(published);
    }

    @Override
    public ModelFiles present(ModelFiles published) {
        return GgufFiles.are(published) ? new GgufFiles(published, architecture) : published;
    }

    @Override
    public List<String> notFollowed(ModelFiles published) {
        return GgufFiles.are(published) ? GgufFiles.notFollowed(published, architecture) : super.notFollowed(published);
    }
}
