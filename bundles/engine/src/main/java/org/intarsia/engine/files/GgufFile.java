package org.intarsia.engine.files;

import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/** A model that is one GGUF file. Safe for use by several threads. */
public final class GgufFile extends OpenedFiles {
    private static final String ARCHITECTURE = "general.architecture";
    /** What our own converter writes where a {@code config.json} beside the file describes it. */
    private static final String DESCRIBED_BESIDE = "huggingface";

    private final Path file;
    private final Weights weights;
    private final String architecture;

    /**
     * Opens the file.
     *
     * @throws ModelException                        when it does not say what model it holds
     * @throws org.intarsia.weights.WeightsException when it is broken
     */
    GgufFile(Path file) {
        this.file = file;
        this.weights = Checkpoint.open(file);
        boolean known = false;
        try {
            this.architecture = architecture(weights).orElseThrow(() -> new ModelException("'" + file + "' does not say of what"
                    + " architecture its model is (" + ARCHITECTURE + "); get the file again, or one of another maker"));
            known = true;
        } finally {
            if (!known) {
                weights.close();
            }
        }
    }

    private static Optional<String> architecture(Weights weights) {
        return weights.metadata().text(ARCHITECTURE).filter(architecture -> !architecture.isEmpty());
    }

    /** Returns whether a file says itself what model it holds, so that no other file need describe it. */
    static boolean describes(Path file) {
        try (Weights weights = Checkpoint.open(file)) {
            return architecture(weights).filter(architecture -> !architecture.equals(DESCRIBED_BESIDE)).isPresent();
        }
    }

    /** The file itself. */
    @Override
    public Path directory() {
        return file;
    }

    /** What the file calls the architecture of its model. */
    @Override
    public String family() {
        return architecture;
    }

    /** A single file has nothing beside it. */
    @Override
    public Optional<String> json(String fileName) {
        return Optional.empty();
    }

    @Override
    public Weights weights() {
        return weights;
    }
}
