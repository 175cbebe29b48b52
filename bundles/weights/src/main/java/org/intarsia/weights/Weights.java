package org.intarsia.weights;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The named tensors of a checkpoint. Safe for use by several threads; after {@link #close} its tensors must not be used.
 */
@ProviderType
public interface Weights extends AutoCloseable {

    SortedSet<String> names();

    Optional<Tensor> find(String name);

    /**
     * The tensor of that name.
     *
     * @throws WeightsException when there is none
     */
    default Tensor get(String name) {
        return find(name).orElseThrow(() -> new WeightsException("the checkpoint has no tensor '" + name + "'"));
    }

    /** SHA-256 over names, types and contents in the order of the names, in hexadecimal; computed on first use. */
    String hash();

    @Override
    void close();
}
