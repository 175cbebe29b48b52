package org.intarsia.families;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/** The tensors of a checkpoint, and some of another that lies beside it. Safe for use by several threads. */
final class JoinedWeights implements Weights {
    private final Weights first;
    private final Weights beside;
    private final Predicate<String> taken;
    private final SortedSet<String> names;

    /**
     * Joins two checkpoints.
     *
     * @param first  stays open when this is closed: the published files hold it
     * @param beside is closed with this
     * @param taken  which names of the latter there are
     */
    JoinedWeights(Weights first, Weights beside, Predicate<String> taken) {
        this.first = first;
        this.beside = beside;
        this.taken = taken;
        SortedSet<String> all = new TreeSet<>(first.names());
        beside.names().stream().filter(taken).forEach(all::add);
        this.names = Collections.unmodifiableSortedSet(all);
    }

    @Override
    public SortedSet<String> names() {
        return names;
    }

    @Override
    public Optional<Tensor> find(String name) {
        return first.find(name).or(() -> taken.test(name) ? beside.find(name) : Optional.empty());
    }

    @Override
    public Metadata metadata() {
        return first.metadata();
    }

    @Override
    public void close() {
        beside.close();
    }

    @Override
    public String toString() {
        return first + " and " + beside;
    }
}
