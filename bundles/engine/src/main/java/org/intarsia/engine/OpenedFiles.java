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
        return isSingleFile(path) ? new GgufModel(path) : Emu3Layout.of(JanusLayout.of(new ModelDirectory(path)));
    }

    /** Whether a path is a model in a single file. */
    static boolean isSingleFile(Path path) {
        return path.getFileName().toString().endsWith(Checkpoint.GGUF) && Files.isRegularFile(path);
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
