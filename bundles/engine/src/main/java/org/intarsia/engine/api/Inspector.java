package org.intarsia.engine.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Finds out whether a model can be put together from what is installed. A service; safe for use by several threads. */
@ProviderType
public interface Inspector {

    /**
     * A model as it would be put together now.
     *
     * @param family {@code model_type} of its {@code config.json}, or the architecture of its GGUF file
     * @param parts  a place for each kind of component
     */
    record Fit(String family, List<Part> parts) {
    }

    /**
     * A place for a component.
     *
     * @param kind     for example {@code transformer core}
     * @param factory  the name of the factory that serves the model; nothing where none does
     * @param bundle   symbolic name and version of the factory's bundle; nothing where there is no such factory
     * @param missing  what keeps factories from serving it, a sentence each; nothing where one does
     */
    record Part(String kind, Optional<String> factory, Optional<String> bundle, List<String> missing) {
    }

    /**
     * Makes the components of a model and lets go of them again. The content of its weights is not read.
     *
     * @param path a model directory, or a GGUF file
     * @throws org.intarsia.model.api.ModelException when it is no model, or its configuration is broken
     * @throws org.intarsia.weights.WeightsException when its weights are missing or broken
     */
    Fit fit(Path path);
}
