package org.intarsia.weights.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.TensorInfo;
import org.intarsia.weights.Weights;

/**
 * What a checkpoint holds, without reading the tensors' content.
 *
 * @param tensors    in the order of their names
 * @param encodings  how much is stored how, the largest share first
 * @param components how much belongs to which part, by the beginnings of the names, in their order
 * @param licence    the licence, and where it is stated; {@link #UNSTATED} where nothing is said
 * @param hash       of the content, where it was asked for
 */
public record Inspection(String path, List<TensorInfo> tensors, List<Share> encodings, List<Share> components, String licence,
        Optional<String> hash) {
    /** Where nobody says what one may do with the weights. */
    public static final String UNSTATED = "not stated";

    /** A component is named by so many parts of its tensors' names: {@code model.vqmodel.encoder}. */
    private static final int PARTS = 3;

    /** Some of the tensors together. */
    public record Share(String name, long tensors, long parameters, long bytes) {
        private Share with(TensorInfo tensor) {
            return new Share(name, tensors + 1, parameters + tensor.elements(), bytes + tensor.bytes());
        }
    }

    /**
     * Looks at a checkpoint.
     *
     * @param path   a directory or file, as {@link Checkpoint#open} takes it
     * @param hashed whether to read everything for its hash
     */
    public static Inspection of(Path path, boolean hashed) {
        try (Weights weights = Checkpoint.open(path)) {
            List<TensorInfo> tensors = weights.list();
            return new Inspection(path.toString(), tensors,
                    shares(tensors, TensorInfo::encoding).stream()
                            .sorted(Comparator.comparingLong(Share::bytes).reversed()).toList(),
                    shares(tensors, tensor -> component(tensor.name())),
                    Licence.of(path, weights.metadata()),
                    hashed ? Optional.of(weights.hash()) : Optional.empty());
        }
    }

    private static List<Share> shares(List<TensorInfo> tensors, Function<TensorInfo, String> name) {
        SortedMap<String, Share> shares = new TreeMap<>();
        for (TensorInfo tensor : tensors) {
            shares.merge(name.apply(tensor), new Share(name.apply(tensor), 0, 0, 0).with(tensor),
                    (share, first) -> share.with(tensor));
        }
        return List.copyOf(shares.values());
    }

    /** What stands in front of the first number, or of the tensor's own name. */
    static String component(String name) {
        List<String> parts = new ArrayList<>();
        String[] all = name.split("\\.");
        for (int i = 0; i < Math.min(PARTS, all.length - 1) && !all[i].matches("\\d+"); i++) {
            parts.add(all[i]);
        }
        return parts.isEmpty() ? name : String.join(".", parts);
    }

    /** The number of values. */
    public long parameters() {
        return tensors.stream().mapToLong(TensorInfo::elements).sum();
    }

    /** The bytes that these take. */
    public long bytes() {
        return tensors.stream().mapToLong(TensorInfo::bytes).sum();
    }
}
