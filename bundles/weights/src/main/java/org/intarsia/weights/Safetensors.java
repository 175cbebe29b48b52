package org.intarsia.weights;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Single safetensors files that are small: reading them, mapped or into memory, and writing them. */
public final class Safetensors {
    private Safetensors() {
    }

    /**
     * The tensors of a file, mapped; the caller closes them.
     *
     * @throws WeightsException when the file is missing or broken
     */
    public static Weights open(Path file) {
        return Checkpoint.openSingle(file);
    }

    /**
     * Copies of all tensors of a small file by name, for example the inputs of a trace; nothing needs to be closed.
     *
     * @throws WeightsException when the file is missing or broken, or holds a tensor of a dtype that cannot be used
     */
    public static SortedMap<String, Tensor> read(Path file) {
        try (Weights weights = open(file)) {
            SortedMap<String, Tensor> tensors = new TreeMap<>();
            weights.names().forEach(name -> tensors.put(name, weights.get(name).copy()));
            return Collections.unmodifiableSortedMap(tensors);
        }
    }

    /**
     * Writes tensors into a file, or over it, as {@link TensorWriter} does. The file appears, or changes, all at once when everything is on the disk;
     * whatever goes wrong before leaves it as it was. Equal tensors and metadata give equal bytes, and (but for the order
     * of the metadata, which it leaves to chance) the ones that the format's reference implementation writes.
     *
     * @param tensors  with different names, in any order
     * @param metadata what the file shall say about itself, for example {@code format} → {@code pt}; may be empty
     * @throws WeightsException when the folder does not exist or the file cannot be written
     */
    public static void write(Path file, Collection<Tensor> tensors, Map<String, String> metadata) {
        TensorWriter.safetensors(file, tensors.stream().map(TensorSource::of).toList(), metadata).write();
    }
}
