package org.intarsia.weights;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.UnaryOperator;
import org.intarsia.graph.Shape;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The named tensors of a checkpoint. Safe for use by several threads; after {@link #close} its tensors must not be used.
 */
@ProviderType
public interface Weights extends AutoCloseable {

    /** These tensors, which live in memory of their own: closing the weights does not release them. */
    static Weights of(Collection<Tensor> tensors) {
        return new WeightsInMemory(tensors);
    }

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

    /**
     * The tensor of that name, for a reader that knows which shape it needs. Weights that are made while they are asked
     * for, such as the first ones of a training, make it in that shape; others give what they have.
     */
    default Optional<Tensor> expect(String name, Shape shape) {
        return find(name);
    }

    /** What there is, in the order of the names; also tensors whose type cannot be used. */
    default List<TensorInfo> list() {
        return names().stream().map(this::get).map(tensor -> new TensorInfo(tensor.name(),
                tensor.type().encoding().toString(), tensor.shape(), tensor.type().bytes())).toList();
    }

    /**
     * The low-rank adapters of a linear layer, in the order in which they are added; none in a checkpoint without adapters.
     * {@link Parameters#linear} asks for them.
     *
     * @param name of the layer's weight, whether the checkpoint stores it or ties it to another
     */
    default List<LowRank> adapters(String name) {
        return List.of();
    }

    /**
     * The same tensors under other names. Both are closed together.
     *
     * @param newName gives for each name another one, or the same; different for different names
     */
    default Weights renamed(UnaryOperator<String> newName) {
        return new RenamedWeights(this, newName);
    }

    /** What the file says about itself beside its tensors, for example {@code format} → {@code pt}. */
    default Metadata metadata() {
        return Metadata.of(Map.of());
    }

    /**
     * SHA-256 over names, types and contents in the order of the names, in hexadecimal. It reads everything: about a
     * second for each gigabyte. Equal tensors give equal hashes, however they are spread over files.
     */
    default String hash() {
        ContentHash hash = new ContentHash();
        names().forEach(name -> hash.add(get(name)));
        return hash.hexadecimal();
    }

    @Override
    void close();
}
