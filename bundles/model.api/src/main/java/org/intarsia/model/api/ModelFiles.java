package org.intarsia.model.api;

import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.weights.Weights;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An opened model directory: what factories make components from. Safe for use by several threads.
 */
@ProviderType
public interface ModelFiles {

    /** The directory, in the layout of Hugging Face checkpoints. */
    Path directory();

    /**
     * {@code model_type} in {@code config.json}, for example {@code chameleon}; of a published GGUF file its
     * {@code general.architecture}.
     */
    String family();

    /** A JSON file of the directory as text, for example {@code config.json}; empty when it is not there. */
    Optional<String> json(String fileName);

    /** The weights; they stay open as long as the model is. */
    Weights weights();

    /** The same files with other weights, which are the caller's to close. */
    default ModelFiles with(Weights others) {
        return new ReweightedFiles(this, others);
    }
}
