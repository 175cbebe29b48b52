package org.intarsia.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Plan;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;

/**
 * Computes every named intermediate value of a model for given inputs. Names and shapes are those of the reference: see
 * {@link org.intarsia.engine.api.Model#trace}. Each input is computed whole, without a key/value cache, so that the plans
 * that generation uses can be compared with it. Use it inside {@link Registry#using}.
 */
final class Tracer {
    private static final String IDS = ".input_ids";
    private static final String PIXELS = "vq.pixel_values";
    private static final String DECODER = "vq.dec.";
    private static final String INDICES = ".indices";
    private static final String IN = "in";

    private final Components components;
    private final Compute compute;
    private final String model;

    Tracer(Components components, Compute compute, String model) {
        this.components = components;
        this.compute = compute;
        this.model = model;
    }

    /** Reads the inputs, computes, writes the outputs; gives their names. */
    List<String> trace(Path inputs, Path outputs) {
        SortedMap<String, Tensor> given = Safetensors.read(inputs);
        List<Tensor> values = new ArrayList<>();
        Optional<int[]> codes = Optional.ofNullable(given.get(PIXELS)).map(pixels -> encode(pixels, values));
        List<String> unknown = new ArrayList<>();
        given.forEach((name, tensor) -> {
            if (name.endsWith(IDS)) {
                transform(name.substring(0, name.length() - IDS.length()), tensor, codes, values);
            } else if (name.startsWith(DECODER) && name.endsWith(INDICES)) {
                decode(name.substring(0, name.length() - INDICES.length()), tensor, values);
            } else if (!name.equals(PIXELS)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty() || values.isEmpty()) {
            throw new ModelException(inputs + (unknown.isEmpty() ? " holds no inputs" : " holds " + String.join(", ", unknown)
                    + ", which is no input") + ": inputs are TAG.input_ids, vq.pixel_values and vq.dec.TAG.indices");
        }
        Safetensors.write(outputs, values, Map.of());
        return values.stream().map(Tensor::name).toList();
    }

    /** Adds what the vision encoder computes, and gives the codes. */
    private int[] encode(Tensor pixels, List<Tensor> values) {
        VisionEncoder encoder = components.encoder();
        Shape shape = pixels.shape();
        int side = encoder.pixelsPerCode();
        if (shape.rank() != 4 || shape.size(1) != 3 || shape.size(2) % side != 0 || shape.size(3) % side != 0) {
            throw new ModelException(PIXELS + " is " + shape + " but should be (pictures, 3, height, width), height and"
                    + " width multiples of " + side);
        }
        GraphBuilder graph = new GraphBuilder();
        Node latent = encoder.latent(graph, graph.input(IN, TensorType.f32(shape)));
        Node codes = encoder.quantize(graph, latent);
        Map<String, Node> asked = named(graph, UnaryOperator.identity());
        asked.put("vq.enc.latent", latent);
        asked.put("vq.enc.indices", graph.reshape(codes, new Shape(List.of(codes.shape().count()))));
        List<Tensor> computed = run(graph.build(asked), pixels);
        values.addAll(computed);
        return computed.stream().filter(tensor -> tensor.name().equals("vq.enc.indices")).findFirst().orElseThrow().ints();
    }

    /** Adds what the image decoder computes; {@code path} is {@code vq.dec.TAG}. */
    private void decode(String path, Tensor indices, List<Tensor> values) {
        ImageDecoder decoder = components.decoder();
        int count = Math.toIntExact(indices.shape().elements());
        int rows = decoder.rows();
        int columns = decoder.columns();
        if (count != rows * columns) {
            rows = (int) Math.round(Math.sqrt(count));
            columns = rows;
        }
        if (count == 0 || rows * columns != count) {
            throw new ModelException(path + INDICES + " holds " + count + " codes, but model " + model + " makes pictures of "
                    + decoder.rows() + " × " + decoder.columns() + " codes, and " + count + " make no square one");
        }
        TensorType type = TensorType.i32(1, count);
        GraphBuilder graph = new GraphBuilder();
        Node pixels = decoder.pixels(graph, decoder.embed(graph, graph.input(IN, type), rows, columns));
        Map<String, Node> asked = named(graph, name -> name.startsWith(DECODER)
                ? path + "." + name.substring(DECODER.length()) : path + "." + name);
        asked.put(path + ".pixels", pixels);
        values.addAll(run(graph.build(asked), Tensor.of(IN, type.shape(), indices.ints())));
    }

    /** Adds what the core computes. */
    private void transform(String tag, Tensor input, Optional<int[]> codes, List<Tensor> values) {
        TransformerCore core = components.core();
        int[] ids = filled(tag, input.ints(), codes);
        TransformerCore.Geometry geometry = core.geometry();
        if (ids.length == 0 || ids.length > geometry.context() || input.shape().size(-1) != ids.length
                || IntStream.of(ids).anyMatch(id -> id < 0 || id >= geometry.vocabulary())) {
            throw new ModelException(tag + IDS + " should hold one row of 1 to " + geometry.context() + " tokens from 0 to "
                    + (geometry.vocabulary() - 1) + " for model " + model);
        }
        TensorType type = TensorType.i32(1, ids.length);
        GraphBuilder graph = new GraphBuilder();
        Node hidden = core.hidden(graph, graph.input(IN, type), graph.iota(type, 1), KeyValueCache.none());
        Node rows = graph.reshape(hidden, Shape.of(ids.length, geometry.hidden()));
        Map<String, Node> asked = named(graph, name -> tag + "." + name);
        asked.put(tag + "." + core.logitsName(), core.logits(graph, rows));
        values.addAll(run(graph.build(asked), Tensor.of(IN, type.shape(), ids)));
    }

    /** The ids with the places of pictures filled in. */
    private int[] filled(String tag, int[] ids, Optional<int[]> codes) {
        StreamTokens tokens = components.core().tokens();
        long places = IntStream.of(ids).filter(id -> id == tokens.placeholder()).count();
        if (tokens.pictureIds().length == 0 || places == 0) {
            return ids;
        }
        int[] fill = codes.orElseThrow(() -> new ModelException(tag + IDS + " has " + places
                + " places for codes of a picture, but there is no " + PIXELS + " to take them from"));
        if (places != fill.length) {
            throw new ModelException(tag + IDS + " has " + places + " places for codes of a picture, but " + PIXELS
                    + " gives " + fill.length);
        }
        int[] filled = ids.clone();
        int next = 0;
        for (int i = 0; i < filled.length; i++) {
            if (filled[i] == tokens.placeholder()) {
                filled[i] = tokens.pictureIds()[fill[next++]];
            }
        }
        return filled;
    }

    private static Map<String, Node> named(GraphBuilder graph, UnaryOperator<String> rename) {
        Map<String, Node> named = new LinkedHashMap<>();
        graph.named().forEach((name, node) -> named.put(rename.apply(name), node));
        return named;
    }

    private List<Tensor> run(Graph graph, Tensor input) {
        try (Plan plan = compute.compile(graph, Map.of())) {
            TensorType type = graph.leaves(Leaf.Input.class).get(IN).type();
            if (type.encoding().isInteger()) {
                plan.input(IN).write(input.ints());
            } else {
                plan.input(IN).write(input.floats());
            }
            plan.run();
            List<Tensor> values = new ArrayList<>();
            graph.outputs().forEach((name, node) -> {
                int count = Math.toIntExact(node.shape().elements());
                values.add(node.encoding() == Encoding.I32
                        ? Tensor.of(name, node.shape(), plan.output(name).ints(count))
                        : Tensor.of(name, node.shape(), plan.output(name).floats(count)));
            });
            return values;
        }
    }
}
