package org.intarsia.model.blocks;

import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Weights;

/** Published files of which the tensors alone have other names than those that components read. Safe for use by several threads. */
public final class RenamedFiles implements ModelFiles {
    private final ModelFiles published;
    private final NameRules rules;
    private Weights weights;

    /** @param rules give the names that components read */
    public RenamedFiles(ModelFiles published, NameRules rules) {
        this.published = published;
        this.rules = rules;
    }

    @Override
    public Path directory() {
        return published.directory();
    }

    @Override
    public String family() {
        return published.family();
    }

    @Override
    public Optional<String> json(String fileName) {
        return published.json(fileName);
    }

    @Override
    public synchronized Weights weights() {
        if (weights == null) {
            weights = published.weights().renamed(rules::translate);
        }
        return weights;
    }
}
