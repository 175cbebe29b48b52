package org.intarsia.model.api;

import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.weights.Weights;

/** Files of a model with other weights. */
record ReweightedFiles(ModelFiles files, Weights weights) implements ModelFiles {
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
}
