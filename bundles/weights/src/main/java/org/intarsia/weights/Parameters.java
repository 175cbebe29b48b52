package org.intarsia.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;

/**
 * Brings the weights of a checkpoint into a graph, by a path: {@code parameters.at("model.layers.0").get(graph,
 * "mlp.up_proj.weight", ffn, dim)}. It remembers what was asked for, so that {@link #check} can name everything that is
 * wrong with a checkpoint at once. Not safe for use by several threads.
 *
 * <p>A tensor that is missing or misshapen still gives a node, of the shape that was asked for, so that the model can be
 * written down to its end before {@link #check} complains.
 */
public final class Parameters {
    private static final String WEIGHT = "weight";

    private final Weights weights;
    private final String path;
    private final TreeMap<String, Shape> asked;

    public Parameters(Weights weights) {
        this(weights, "", new TreeMap<>());
    }

    private Parameters(Weights weights, String path, TreeMap<String, Shape> asked) {
        this.weights = weights;
        this.path = path;
        this.asked = asked;
    }

    /** The same weights below {@code name}. */
    public Parameters at(String name) {
        return new Parameters(weights, path + name + ".", asked);
    }

    public Parameters at(int index) {
        return at(Integer.toString(index));
    }

    /** Whether the checkpoint has a tensor of that name here. */
    public boolean has(String name) {
        return weights.find(path + name).isPresent();
    }

    /** A parameter node of the given shape, in the encoding that the checkpoint stores. */
    public Node get(GraphBuilder graph, String name, long... sizes) {
        Shape shape = Shape.of(sizes);
        asked.put(path + name, shape);
        // Only a tensor of the right shape can lend its encoding: blocks need not fit into other rows.
        Encoding encoding = weights.expect(path + name, shape).filter(tensor -> tensor.shape().equals(shape))
                .map(tensor -> tensor.type().encoding()).filter(stored -> !stored.isInteger()).orElse(Encoding.F32);
        return graph.parameter(path + name, new TensorType(shape, encoding));
    }

    /**
     * A linear layer: x (…, in) times {@code weight} (out, in), and what the adapters of that weight add. Linear layers are
     * built by this method, so that adapters reach every one.
     *
     * @return (…, out); a bias is not added
     */
    public Node linear(GraphBuilder graph, Node x, long out) {
        return adapt(graph, x, graph.linear(x, get(graph, WEIGHT, out, x.shape().size(-1))), UnaryOperator.identity());
    }

    /**
     * Adds to a linear layer's product what the adapters of {@code weight} add, for layers whose weight is tied to another, or
     * has its rows in another order than adapters have.
     *
     * @param x       what goes into the layer
     * @param product what comes out of it, without a bias
     * @param order   brings what adapters add into the order of the product
     * @throws WeightsException when an adapter has other sizes than the layer
     */
    public Node adapt(GraphBuilder graph, Node x, Node product, UnaryOperator<Node> order) {
        long in = x.shape().size(-1);
        long out = product.shape().size(-1);
        Node sum = product;
        for (LowRank adapter : weights.adapters(path + WEIGHT)) {
            if (adapter.in() != in || adapter.out() != out) {
                throw new WeightsException("the adapter does not fit the layer '" + path.substring(0, path.length() - 1) + "', which takes "
                        + in + " values and gives " + out + ": its tensors are " + adapter.a().shape() + " and " + adapter.b().shape()
                        + "; take the base model that it was trained for");
            }
            sum = graph.add(sum, order.apply(adapter.product(graph, x)));
        }
        return sum;
    }

    /** The names asked for so far. */
    public Set<String> asked() {
        return new TreeSet<>(asked.keySet());
    }

    /**
     * Compares what was asked for with what the checkpoint has.
     *
     * @param ours which of the checkpoint's names should have been asked for; of these none may be left over
     * @throws WeightsException naming all that are missing, misshapen and left over
     */
    public void check(Predicate<String> ours) {
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        Map<Encoding, List<String>> integers = new TreeMap<>();
        asked.forEach((name, shape) -> {
            Optional<Tensor> tensor = weights.find(name);
            if (tensor.isEmpty()) {
                missing.add(name);
            } else if (!tensor.get().shape().equals(shape)) {
                misshapen.add(name + " is " + tensor.get().shape() + " but should be " + shape);
            } else if (tensor.get().type().encoding().isInteger()) {
                integers.computeIfAbsent(tensor.get().type().encoding(), encoding -> new ArrayList<>()).add(name);
            }
        });
        List<String> extra = weights.names().stream().filter(ours).filter(name -> !asked.containsKey(name)).toList();
        List<String> wrong = new ArrayList<>();
        describe("missing", missing, wrong);
        describe("misshapen", misshapen, wrong);
        describe("not known to this model", extra, wrong);
        integers.forEach((encoding, names) -> wrong.add(names.size() + " stored as " + encoding + ", and weights that are whole"
                + " numbers are not supported, such as " + names.getFirst()));
        if (!wrong.isEmpty()) {
            throw new WeightsException("the checkpoint does not fit its config.json: " + String.join("; ", wrong));
        }
    }

    private static void describe(String what, Collection<String> names, List<String> wrong) {
        if (!names.isEmpty()) {
            wrong.add(names.size() + " " + what + ": " + String.join(", ", names));
        }
    }
}
