package org.intarsia.families.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.KnownKeys;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Weights;

/**
 * A single GGUF file seen as a model directory: with the names of tensors in the layout of transformers, and with JSON files
 * that are made of its metadata. Safe for use by several threads.
 */
public final class GgufFiles implements ModelFiles {
    private static final String CONFIG = "config.json";

    private final Path file;
    private final Metadata metadata;
    private final Weights weights;

    /** @param published of an architecture that {@link #isKnown} */
    public GgufFiles(ModelFiles published) {
        this.file = published.directory();
        this.metadata = published.weights().metadata();
        this.weights = published.weights().renamed(LlamaGguf::tensor);
    }

    /** Returns whether a single file was published. */
    public static boolean are(ModelFiles published) {
        return published.json(CONFIG).isEmpty() && !published.family().isEmpty();
    }

    /** Returns whether the architecture of a GGUF file is one that can be presented. */
    public static boolean isKnown(ModelFiles published) {
        return published.family().equals(LlamaGguf.ARCHITECTURE);
    }

    /** Returns a clause that names the metadata which nothing here reads; none where there is none. */
    public static List<String> notFollowed(ModelFiles published) {
        return KnownKeys.clause("its metadata", LlamaGguf.otherKeys(published.weights().metadata())).stream().toList();
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
            case CONFIG -> Optional.of(LlamaGguf.config(file, metadata, weights));
            case "generation_config.json" -> GgufSampling.generationConfig(metadata);
            case "tokenizer.json" -> new GgufTokenizer(file, metadata).tokenizer();
            case "tokenizer_config.json" -> Optional.of(new GgufTokenizer(file, metadata).tokenizerConfig());
            default -> Optional.empty();
        };
    }

    @Override
    public Weights weights() {
        return weights;
    }
}
