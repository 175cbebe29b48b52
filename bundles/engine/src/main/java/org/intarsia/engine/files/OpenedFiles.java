package org.intarsia.engine.files;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.weights.Checkpoint;

/** A model's files as they were published, open until they are closed. A {@code Presentation} shows them to components. */
public abstract class OpenedFiles implements ModelFiles, AutoCloseable {
    private final Map<String, String> hashes = new TreeMap<>();
    /** Null until it is asked for. */
    private String publishedHash;
    private Adapters adapters = Adapters.NONE;

    /**
     * Opens a model directory, or a model in a single file.
     *
     * @throws org.intarsia.model.api.ModelException when it is none
     * @throws org.intarsia.weights.WeightsException when its weights are missing or broken
     */
    public static OpenedFiles open(Path path) {
        return gguf(path).<OpenedFiles>map(GgufFile::new).orElseGet(() -> new ModelDirectory(path));
    }

    /**
     * Opens a model with adapters over its weights.
     *
     * @throws org.intarsia.model.api.ModelException when it is none, or an adapter is broken or not supported
     * @throws org.intarsia.weights.WeightsException when weights are missing or broken
     */
    public static OpenedFiles open(Path path, List<AdapterChoice> choices) {
        Adapters adapters = new Adapters(choices);
        boolean opened = false;
        try {
            OpenedFiles files = open(path);
            files.adapters = adapters;
            opened = true;
            return files;
        } finally {
            if (!opened) {
                adapters.close();
            }
        }
    }

    /** Returns the adapters over the weights. */
    public Adapters adapters() {
        return adapters;
    }

    /**
     * The GGUF file that a path stands for where that file alone describes the model. A directory with a GGUF file may
     * describe it in {@code config.json} instead; then the file has the names of tensors of that layout, and says so.
     *
     * @throws org.intarsia.weights.WeightsException when a directory has several GGUF files, or the only one is broken
     */
    public static Optional<Path> gguf(Path path) {
        return Checkpoint.gguf(path).filter(file -> !Files.exists(path.resolve("config.json")) || GgufFile.describes(file));
    }

    /**
     * Returns {@link org.intarsia.weights.Weights#hash} of what a family presents, without adapters. Computed once, since it
     * reads everything.
     */
    public synchronized String weightsHash(ModelFiles presented) {
        if (presented == this) {
            return weightsHash();
        }
        return hashes.computeIfAbsent(presented.family(), family -> "sha256:" + presented.weights().hash());
    }

    /**
     * Returns {@link org.intarsia.weights.Weights#hash} of the weights as they were published, by which hosts find the same model.
     * Computed once, since it reads everything.
     */
    public synchronized String weightsHash() {
        if (publishedHash == null) {
            publishedHash = "sha256:" + weights().hash();
        }
        return publishedHash;
    }

    @Override
    public void close() {
        adapters.close();
        weights().close();
    }
}
