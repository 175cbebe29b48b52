package org.intarsia.engine.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Fields;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/** A model directory whose weights are mapped until it is closed. Safe for use by several threads. */
final class ModelDirectory extends OpenedFiles {
    private final Path directory;
    private final String family;
    private final Weights weights;

    /**
     * Opens the directory.
     *
     * @throws ModelException                        when it is none, or {@code config.json} is missing or broken
     * @throws org.intarsia.weights.WeightsException when its weights are missing or broken
     */
    ModelDirectory(Path directory) {
        this.directory = directory;
        if (Files.isDirectory(directory) && json("config.json").isEmpty()) {
            throw ForeignFiles.withoutConfig(directory);
        }
        ConfigFile config = ConfigFile.read(this, "config.json");
        this.family = config.text("model_type", "");
        if (family.isEmpty()) {
            config.wrong("model_type", "is missing");
        }
        config.check();
        ForeignFiles.withoutWeights(directory).ifPresent(refusal -> {
            throw refusal;
        });
        this.weights = Checkpoint.open(directory);
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public String family() {
        return family;
    }

    @Override
    public Optional<String> json(String fileName) {
        return Fields.text(directory.resolve(fileName));
    }

    @Override
    public Weights weights() {
        return weights;
    }
}
