package org.intarsia.families.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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

    private final Architecture architecture;
    private final Path file;
    private final Metadata metadata;
    private final Weights weights;

    /** @param published of that architecture */
    public GgufFiles(ModelFiles published, Architecture architecture) {
        this.architecture = architecture;
        this.file = published.directory();
        this.metadata = published.weights().metadata();
        this.weights = published.weights().renamed(architecture::tensor);
    }

    /** Returns whether a single file was published. */
    public static boolean are(ModelFiles published) {
        return published.json(CONFIG).isEmpty() && !published.family().isEmpty();
    }

    /** Returns a clause that names the metadata which nothing here reads; none where there is none. */
    public static List<String> notFollowed(ModelFiles published, Architecture architecture) {
        return KnownKeys.clause("its metadata", new GgufConfig(published.directory(), published.weights().metadata(), architecture,
                new TreeSet<>()).otherKeys()).stream().toList();
    }

    /** The file itself. */
    @Override
    public Path directory() {
        return file;
    }

    @Override
    public String family() {
        return architecture.family();
    }

    @Override
    public Optional<String> json(String fileName) {
        return switch (fileName) {
            case CONFIG -> Optional.of(new GgufConfig(file, metadata, architecture, weights.names()).json(weights));
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
