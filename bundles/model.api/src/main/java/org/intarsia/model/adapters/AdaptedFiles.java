package org.intarsia.model.adapters;

import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;

/** The files of a model with adapters over its weights. Safe for use by several threads. */
public final class AdaptedFiles implements ModelFiles {
    private final ModelFiles files;
    private final AdaptedWeights weights;

    /** @param files of the base model, as its family presents them */
    public AdaptedFiles(ModelFiles files, AdaptedWeights weights) {
        this.files = files;
        this.weights = weights;
    }

    /** The same files for another component. */
    public AdaptedFiles fresh() {
        return new AdaptedFiles(files, weights.fresh());
    }

    @Override
    public Path directory() {
        return files.directory();
    }

    @Override
    public String family() {
        return files.family();
    }

    @Override
    public Optional<String> json(String fileName) {
        return files.json(fileName);
    }

    // The class itself: who made it asks which adapters were taken.
    @Override
    public AdaptedWeights weights() {
        return weights;
    }
}
