package org.intarsia.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Weights;

/**
 * A model that is one GGUF file: it shows itself as a model directory in the layout of Hugging Face would, with that
 * layout's names of tensors, and with JSON files that are made from the file's metadata. Safe for use by several threads.
 */
final class GgufModel extends OpenedFiles {
    private static final String ARCHITECTURE = "general.architecture";

    private final Path file;
    private final Weights weights;
    private final Metadata metadata;

    /**
     * Opens the file.
     *
     * @throws ModelException                        when it holds no model of an architecture that we know
     * @throws org.intarsia.weights.WeightsException when it is broken
     */
    GgufModel(Path file) {
        this.file = file;
        Weights opened = Checkpoint.open(file);
        boolean known = false;
        try {
            this.metadata = opened.metadata();
            String architecture = metadata.text(ARCHITECTURE).orElse("");
            if (!architecture.equals(LlamaGguf.ARCHITECTURE)) {
                throw new ModelException("'" + file + "' holds a model of the architecture " + Quoted.of(architecture)
                        + "; of GGUF files only those of " + LlamaGguf.ARCHITECTURE + " can be run");
            }
            this.weights = opened.renamed(LlamaGguf::tensor);
            known = true;
        } finally {
            if (!known) {
                opened.close();
            }
        }
    }

    /** Returns whether a file holds a model of a known architecture, so that no other file need describe it. */
    static boolean describes(Path file) {
        try (Weights weights = Checkpoint.open(file)) {
            return weights.metadata().text(ARCHITECTURE).filter(LlamaGguf.ARCHITECTURE::equals).isPresent();
        }
    }

    /** The file itself. */
    @Override
    public Path directory() {
        return file;
    }

    @Override
    public String family() {
        return LlamaGguf.FAMILY;
    }

    @Override
    public Optional<String> json(String fileName) {
        return switch (fileName) {
            case "config.json" -> Optional.of(LlamaGguf.config(file, metadata, weights));
            case "generation_config.json" -> GgufSampling.generationConfig(metadata);
            case "tokenizer.json" -> new GgufTokenizer(file, metadata).tokenizer();
            case "tokenizer_config.json" -> Optional.of(new GgufTokenizer(file, metadata).tokenizerConfig());
            default -> Optional.empty();
        };
    }

    /** A single file has nothing beside it. */
    @Override
    Optional<String> published(String fileName) {
        return Optional.empty();
    }

    @Override
    List<String> otherKeys() {
        return Unfollowed.asks("its metadata", LlamaGguf.otherKeys(metadata)).stream().toList();
    }

    @Override
    public Weights weights() {
        return weights;
    }
}
