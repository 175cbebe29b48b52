package org.intarsia.engine;

import java.nio.file.Files;
import java.nio.file.Path;
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

    @Override
    public void close() {
        weights().close();
    }
}
