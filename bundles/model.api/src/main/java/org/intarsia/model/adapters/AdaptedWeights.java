package org.intarsia.model.adapters;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.LowRank;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * The weights of a model with adapters over them. Base tensors stay as they are; each pair of an adapter is two tensors more,
 * which {@link #adapters} gives. It remembers which layers took their adapters, since one that nobody takes must not be
 * ignored. Safe for use by several threads.
 */
public final class AdaptedWeights implements Weights {
    private final Weights base;
    private final Map<String, List<LowRank>> pairs = new TreeMap<>();
    private final Map<String, Tensor> own = new TreeMap<>();
    private final Map<String, String> origins = new LinkedHashMap<>();
    private final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final SortedSet<String> names;

    /**
     * An adapter and how much of it is added.
     *
     * @param weight multiplies what the adapter adds; at 0 it adds nothing
     */
    public record Weighted(Adapter adapter, double weight) {
    }

    /**
     * Lays adapters over weights.
     *
     * @param base  as the model's family presents them
     * @param names gives for a tensor's name in the reference's model the presented one
     * @throws ModelException when adapters contradict each other, or replace a tensor by one of another shape
     */
    public AdaptedWeights(Weights base, List<Weighted> adapters, UnaryOperator<String> names) {
        this.base = base;
        for (int i = 0; i < adapters.size(); i++) {
            add(i, adapters.get(i), names);
        }
        SortedSet<String> all = new TreeSet<>(base.names());
        all.addAll(own.keySet());
        this.names = Collections.unmodifiableSortedSet(all);
    }

    /** The name here of the first tensor, A, of a module's pair in one of the adapters, counted from 0. */
    public static String first(String module, int adapter) {
        return "adapter." + adapter + "." + module + ".lora_A";
    }

    /** The name here of the second tensor, B. */
    public static String second(String module, int adapter) {
        return "adapter." + adapter + "." + module + ".lora_B";
    }

    private void add(int number, Weighted weighted, UnaryOperator<String> names) {
        Adapter adapter = weighted.adapter();
        adapter.pairs().forEach((module, pair) -> {
            String name = names.apply(module + ".weight");
            origins.putIfAbsent(name, adapter.folder().toString());
            List<LowRank> all = pairs.computeIfAbsent(name, any -> new ArrayList<>());
            if (weighted.weight() != 0) {
                LowRank renamed = new LowRank(pair.a().named(first(module, number)), pair.b().named(second(module, number)),
                        pair.scale() * weighted.weight());
                own.put(renamed.a().name(), renamed.a());
                own.put(renamed.b().name(), renamed.b());
                all.add(renamed);
            }
        });
        adapter.replaced().forEach((reference, tensor) -> {
            String name = names.apply(reference);
            if (weighted.weight() != 1) {
                throw new ModelException("the adapter in " + adapter.folder() + " replaces the tensor " + Quoted.of(name)
                        + " (modules_to_save), so it can only have the weight 1, not " + weighted.weight());
            }
            base.find(name).map(Tensor::shape).filter(shape -> !shape.equals(tensor.shape())).ifPresent(shape -> {
                throw new ModelException("the adapter in " + adapter.folder() + " replaces the tensor " + Quoted.of(name) + ", which is "
                        + shape + " in the base model, by one of " + tensor.shape() + "; take the base model that it was trained for");
            });
            if (own.putIfAbsent(name, tensor.named(name)) != null) {
                throw new ModelException("two adapters replace the tensor " + Quoted.of(name) + " (modules_to_save); take one of them");
            }
            origins.put(name, adapter.folder().toString());
        });
    }

    /** The same tensors, of which another component has taken none yet. */
    public AdaptedWeights fresh() {
        return new AdaptedWeights(this);
    }

    private AdaptedWeights(AdaptedWeights other) {
        base = other.base;
        pairs.putAll(other.pairs);
        own.putAll(other.own);
        origins.putAll(other.origins);
        names = other.names;
    }

    /** The names of all weights that adapters change, with the folder of one of these adapters. */
    public Map<String, String> changed() {
        return Collections.unmodifiableMap(origins);
    }

    /** The names of those that were asked for. */
    public Set<String> taken() {
        return Collections.unmodifiableSet(taken);
    }

    @Override
    public List<LowRank> adapters(String name) {
        List<LowRank> found = pairs.get(name);
        if (found == null) {
            return List.of();
        }
        taken.add(name);
        return Collections.unmodifiableList(found);
    }

    @Override
    public SortedSet<String> names() {
        return names;
    }

    @Override
    public Optional<Tensor> find(String name) {
        Tensor found = own.get(name);
        return found == null ? base.find(name) : Optional.of(found);
    }

    @Override
    public Optional<Tensor> expect(String name, Shape shape) {
        Tensor found = own.get(name);
        if (found == null) {
            return base.expect(name, shape);
        }
        taken.add(name);
        return Optional.of(found);
    }

    @Override
    public Metadata metadata() {
        return base.metadata();
    }

    /** Does nothing: base and adapters are closed by those who opened them. */
    @Override
    public void close() {
        // Whoever opened them may have given them to others, too.
    }

    @Override
    public String toString() {
        return base + " with adapters";
    }
}
