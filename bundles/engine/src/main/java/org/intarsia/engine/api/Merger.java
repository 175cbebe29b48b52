package org.intarsia.engine.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.weights.tool.Merge;
import org.intarsia.weights.tool.ProgressListener;
import org.osgi.annotation.versioning.ProviderType;

/** Writes models with adapters added into their weights. A service; safe for use by several threads. */
@ProviderType
public interface Merger {

    /**
     * Writes a model directory with adapters added into its weights, in the layout and under the names that it has.
     *
     * @param nameOrDirectory as {@link Engine#open(String, Placement)}, but no GGUF file
     * @param adapters        in this order
     * @param out             a directory, which need not exist
     * @param encoding        of what is written; empty for the encoding that each tensor has
     * @throws org.intarsia.model.api.ModelException when there is no such model, or an adapter changes what it does not store
     * @throws org.intarsia.weights.WeightsException when weights are broken, or cannot be written
     */
    Merge merge(String nameOrDirectory, List<AdapterChoice> adapters, Path out, Optional<Encoding> encoding, ProgressListener listener);
}
