package org.intarsia.weights;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.intarsia.text.Quoted;

/** Weights whose tensors have other names. */
final class RenamedWeights implements Weights {
    private final Weights weights;
    private final SortedMap<String, String> oldNames = new TreeMap<>();
    private final SortedSet<String> names;

    RenamedWeights(Weights weights, UnaryOperator<String> newName) {
        this.weights = weights;
        for (String name : weights.names()) {
            String old = oldNames.put(newName.apply(name), name);
            if (old != null) {
                throw new WeightsException("the tensors " + Quoted.of(old) + " and " + Quoted.of(name)
                        + " stand for the same one, " + Quoted.of(newName.apply(name)));
            }
        }
        names = Collections.unmodifiableSortedSet(new TreeSet<>(oldNames.keySet()));
    }

    @Override
    public SortedSet<String> names() {
        return names;
    }

    @Override
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(oldNames.get(name)).flatMap(weights::find).map(tensor -> tensor.named(name));
    }

    @Override
    public List<TensorInfo> list() {
        SortedMap<String, TensorInfo> infos = new TreeMap<>();
        weights.list().forEach(info -> infos.put(info.name(), info));
        return oldNames.entrySet().stream().map(entry -> {
            TensorInfo info = infos.get(entry.getValue());
            return new TensorInfo(entry.getKey(), info.encoding(), info.shape(), info.bytes());
        }).toList();
    }

    @Override
    public Metadata metadata() {
        return weights.metadata();
    }

    @Override
    public void close() {
        weights.close();
    }

    @Override
    public String toString() {
        return weights.toString();
    }
}
