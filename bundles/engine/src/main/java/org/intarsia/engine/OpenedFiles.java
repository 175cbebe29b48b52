package org.intarsia.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Checkpoint;

/** A model's files, open until they are closed. */
abstract class OpenedFiles implements ModelFiles, AutoCloseable {
    private String hash;

    /**
     * Opens a model directory, or a model in a single file.
     *
     * @throws org.intarsia.model.api.ModelException when it is none
     * @throws org.intarsia.weights.WeightsException when its weights are missing or broken
     */
    static OpenedFiles open(Path path) {
        return gguf(path).<OpenedFiles>map(GgufModel::new)
                .orElseGet(() -> Emu3Layout.of(JanusLayout.of(new ModelDirectory(path))));
    }

    /**
     * The GGUF file that a path stands for where that file alone describes the model. A directory with a GGUF file may
     * describe it in {@code config.json} instead; then the file has the names of tensors of that layout, and says so.
     *
     * @throws org.intarsia.weights.WeightsException when a directory has several GGUF files, or the only one is broken
     */
    static Optional<Path> gguf(Path path) {
        return Checkpoint.gguf(path).filter(file -> !Files.exists(path.resolve("config.json")) || GgufModel.describes(file));
    }

    /** {@link org.intarsia.weights.Weights#hash}, computed when it is first asked for, since it reads everything. */
    synchronized String weightsHash() {
        if (hash == null) {
            hash = "sha256:" + weights().hash();
        }
        return hash;
    }

    /** A JSON file as its authors published it, whatever layout {@link #json} shows; nothing where there is none. */
    Optional<String> published(String fileName) {
        return ModelDirectory.text(directory().resolve(fileName));
    }

    /** For each file, or kind of metadata, that asks for what nothing here follows: a clause that names it. */
    abstract List<String> otherKeys();

    @Override
    public void close() {
        weights().close();
    }
}
