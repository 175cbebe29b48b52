package org.intarsia.fuzz;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Weights;

/** A model whose JSON files are these, whatever stands in them. */
record Broken(String family, Map<String, String> texts, Weights weights) implements ModelFiles {
    @Override
    public Path directory() {
        return Path.of("broken");
    }

    @Override
    public Optional<String> json(String fileName) {
        return Optional.ofNullable(texts.get(fileName));
    }
}
