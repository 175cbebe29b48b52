package org.intarsia.weights;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.text.Quoted;

/** Tensors that are there already. */
final class WeightsInMemory implements Weights {
    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final SortedSet<String> names;

    WeightsInMemory(Collection<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            if (this.tensors.putIfAbsent(tensor.name(), tensor) != null) {
                throw new WeightsException("the tensor " + Quoted.of(tensor.name()) + " is given twice");
            }
        }
        names = Collections.unmodifiableSortedSet(new TreeSet<>(this.tensors.keySet()));
    }

    @Override
    public SortedSet<String> names() {
        return names;
    }

    @Override
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
        // The memory belongs to the tensors.
    }
}
