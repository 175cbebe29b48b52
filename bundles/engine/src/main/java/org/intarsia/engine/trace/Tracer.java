package org.intarsia.engine.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.pipeline.DeviceBinding;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.PromptFormat.Codes;
import org.intarsia.model.api.PromptFormat.Features;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.model.api.VisionTower;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;

/**
 * Computes every named intermediate value of a model for given inputs. Names and shapes are those of the reference: see
 * {@link Model#trace}. Each input is computed whole, without a key/value cache, so that the plans that generation uses can
 * be compared with it. Use it inside {@link Registry#using}.
 */
public final class Tracer {
    private static final String IDS = "input_ids";
    private static final String SEEN = "pixel_values";
    private static final String PIXELS = "vq.pixel_values";
    private static final String SIZES = "vq.image_sizes";
    private static final String CODES = "vq.enc.indices";
    private static final String DECODER = "vq.dec.";
    private static final String FROM_IMAGE = "vq.dec.from_image";
    private static final String INDICES = "indices";
    private static final String TEXT = "text.";
    private static final String POSITIONS = "rope.positions";
    private static final String ROTATION = "rope.";
    private static final String EMBEDDED_CODES = "gen.embed.codes";
    private static final String IN = "in";
    private static final String FEATURES = "features";
    private static final String GIVEN = "given";

    private final Components components;
    private final DeviceBinding binding;
    private final String model;
    private final GuidedTrace guided;

    /**
     * Makes a tracer of a model.
     *
     * @param runners makes runners of steps, each with a key/value cache of its own; the tracer closes them
     */
    public Tracer(Components components, DeviceBinding binding, Supplier<StepRunner> runners, String model) {
        this.components = components;
        this.binding = binding;
        this.model = model;
        this.guided = new GuidedTrace(components, runners, this);
    }

    /**
     * Reads the inputs, computes, writes the outputs.
     *
     * @param pause is called between the parts, while nothing is held on the device
     */
    public Model.Trace trace(Path inputs, Path outputs, Runnable pause) {
        TraceInputs given = TraceInputs.read(inputs);
        Map<String, Tensor> values = new LinkedHashMap<>();
        Optional<Tensor> sizes = given.take(SIZES);
        Optional<Codes> codes = given.take(PIXELS).map(pixels -> {
            Codes encoded = encode(pixels, values);
            sizes.ifPresent(size -> checkUnpadded(pixels, size));
            return encoded;
        });
        pause.run();
        List<Features> features = given.take(SEEN).map(pixels -> see(pixels, values)).orElse(List.of());
        pause.run();
        given.take(EMBEDDED_CODES).ifPresent(embedded -> embed(embedded, values));
        given.take(POSITIONS).ifPresent(positions -> turn(positions, values));
        pause.run();
        guided.trace(given, values);
        List<String> ignored = new ArrayList<>();
        given.rest().forEach((name, tensor) -> {
            pause.run();
            if (name.equals(IDS) || name.endsWith("." + IDS)) {
                transform(name.substring(0, name.length() - IDS.length()), row(name, tensor, codes, features), values);
            } else if (name.startsWith(DECODER) && name.endsWith(INDICES)) {
                decode(name.substring(0, name.length() - INDICES.length() - 1), grid(name, tensor), values);
            } else {
                ignored.add(name);
            }
        });
        if (codes.isPresent() && !values.containsKey(FROM_IMAGE + ".pixels") && components.decoderIsThere()) {
            decode(FROM_IMAGE, codes.get(), values);
        }
        given.take(TEXT + IDS).ifPresent(ids ->
                SamplingTrace.trace(given, values.get(TEXT + components.core().logitsName()), ids.ints(), values));
        if (values.isEmpty()) {
            throw new ModelException(inputs + (ignored.isEmpty() ? " holds nothing" : " holds "
                    + String.join(", ", ignored) + ", of which nothing is an input") + ": inputs are input_ids, TAG.input_ids,"
                    + " pixel_values, vq.pixel_values, vq.dec.TAG.indices, gen.embed.codes, rope.positions, gen.input_ids together"
                    + " with gen.input_ids_uncond or gen.negative_input_ids, and imagegen.prompt_full together with"
                    + " imagegen.prompt_image_cond and imagegen.prompt_uncond");
        }
        Safetensors.write(outputs, values.values(), Map.of());
        ignored.removeAll(values.keySet());
        return new Model.Trace(List.copyOf(values.keySet()), ignored);
    }

    /** A reference may pad pictures of several sizes to one, and then says what is picture in each. */
    private static void checkUnpadded(Tensor pixels, Tensor sizes) {
        int[] given = sizes.ints();
        for (int i = 0; i < given.length; i++) {
            if (given[i] != pixels.shape().size(-2 + i % 2)) {
                throw new ModelException(SIZES + " says " + Arrays.toString(given) + ", but " + PIXELS + " is " + pixels.shape()
                        + "; hand in a picture without padding");
            }
        }
    }

    /** Adds what the vision encoder computes, and gives the codes. */
    private Codes encode(Tensor pixels, Map<String, Tensor> values) {
        if (!(components.encoder() instanceof CodebookEncoder encoder)) {
            throw new ModelException(PIXELS + " is for models that see pictures as codes, which model " + model
                    + " does not; its pictures are " + SEEN);
        }
        Shape shape = picture(PIXELS, pixels, encoder.pixelsPerCode());
        GraphBuilder graph = new GraphBuilder();
        Node latent = encoder.latent(graph, graph.input(IN, TensorType.f32(shape)));
        Node codes = encoder.quantize(graph, latent);
        Map<String, Node> asked = named(graph, UnaryOperator.identity());
        asked.put("vq.enc.latent", latent);
        asked.putIfAbsent(CODES, graph.reshape(codes, new Shape(List.of(codes.shape().count()))));
        values.putAll(run(graph.build(asked), Map.of(IN, pixels)));
        return new Codes(Math.toIntExact(latent.shape().size(2)), Math.toIntExact(latent.shape().size(3)),
                values.get(CODES).ints());
    }

    /** Adds what the vision tower computes, and gives its features of each picture. */
    private List<Features> see(Tensor pixels, Map<String, Tensor> values) {
        if (!(components.encoder() instanceof VisionTower tower)) {
            throw new ModelException(SEEN + " is for models with a vision tower, which model " + model
                    + " has not; its pictures are " + PIXELS);
        }
        Shape shape = picture(SEEN, pixels, 1);
        GraphBuilder graph = new GraphBuilder();
        Node features = tower.features(graph, graph.input(IN, TensorType.f32(shape)));
        Map<String, Node> asked = named(graph, UnaryOperator.identity());
        asked.put(FEATURES, features);
        Map<String, Tensor> computed = run(graph.build(asked), Map.of(IN, pixels));
        float[] seen = computed.remove(FEATURES).floats();
        values.putAll(computed);
        int each = seen.length / Math.toIntExact(shape.size(0));
        return IntStream.range(0, Math.toIntExact(shape.size(0))).mapToObj(picture -> new Features(
                Math.toIntExact(shape.size(2) / tower.pixelsPerFeature()), Math.toIntExact(shape.size(3) / tower.pixelsPerFeature()),
                Arrays.copyOfRange(seen, picture * each, (picture + 1) * each))).toList();
    }

    private static Shape picture(String name, Tensor pixels, int side) {
        Shape shape = pixels.shape();
        if (shape.rank() != 4 || shape.size(1) != 3 || shape.size(2) % side != 0 || shape.size(3) % side != 0
                || shape.elements() == 0) {
            throw new ModelException(name + " is " + shape + " but should be (pictures, 3, height, width)"
                    + (side > 1 ? ", height and width multiples of " + side : ""));
        }
        return shape;
    }

    /** Adds what codes become where they enter a stream. */
    private void embed(Tensor codes, Map<String, Tensor> values) {
        int[] pictureIds = components.core().format().tokens().pictureIds();
        int[] given = codes.ints();
        check(EMBEDDED_CODES, given, pictureIds.length);
        TensorType type = TensorType.i32(given.length);
        GraphBuilder graph = new GraphBuilder();
        Node embedded = components.core().embed(graph, graph.input(IN, type));
        Map<String, Node> asked = named(graph, name -> "gen." + name);
        asked.put("gen.embed.aligned", embedded);
        int[] ids = IntStream.of(given).map(code -> pictureIds[code]).toArray();
        values.putAll(run(graph.build(asked), Map.of(IN, Tensor.of(IN, type.shape(), ids))));
    }

    /** Adds what the transformer turns queries and keys by at these positions. */
    private void turn(Tensor positions, Map<String, Tensor> values) {
        TransformerCore core = components.core();
        int[] places = positions.ints();
        // One position for all axes, or rows of one for each.
        int axes = positions.shape().rank() > 1 && positions.shape().size(0) == core.axes() ? core.axes() : 1;
        int count = places.length / axes;
        GraphBuilder graph = new GraphBuilder();
        Node embedded = graph.input(FEATURES, TensorType.f32(1, count, core.geometry().hidden()));
        Node given = graph.input(IN, TensorType.i32(axes, count));
        List<Node> turned = IntStream.range(0, core.axes()).mapToObj(axis -> graph.slice(given, 0, axis % axes, axis % axes + 1)).toList();
        core.hidden(graph, embedded, turned.getFirst(), turned, KeyValueCache.none());
        Map<String, Node> asked = named(graph, UnaryOperator.identity());
        asked.keySet().removeIf(name -> !name.startsWith(ROTATION));
        if (places.length == 0 || asked.isEmpty()) {
            throw new ModelException(places.length == 0 ? POSITIONS + " should hold at least one position"
                    : POSITIONS + " is for transformers that name what they turn by, which that of model " + model + " does not");
        }
        // Tables stand without the dimension of sequences, of which there is one.
        asked.replaceAll((name, node) -> node.shape().rank() == 3 ? graph.reshape(node, node.shape().drop(1)) : node);
        values.putAll(run(graph.build(asked), Map.of(IN, Tensor.of(IN, given.shape(), places))));
    }

    /** Codes that were given, in rows and columns: as their shape says, as pictures of the model have them, or square. */
    private Codes grid(String name, Tensor indices) {
        ImageDecoder decoder = components.decoder();
        int[] codes = indices.ints();
        check(name, codes, components.core().format().tokens().pictureIds().length);
        int rows = decoder.rows();
        int columns = decoder.columns();
        if (indices.shape().rank() == 2 && indices.shape().size(0) > 1) {
            rows = Math.toIntExact(indices.shape().size(0));
            columns = Math.toIntExact(indices.shape().size(1));
        } else if (codes.length != rows * columns) {
            rows = (int) Math.round(Math.sqrt(codes.length));
            columns = rows;
        }
        if (codes.length == 0 || rows * columns != codes.length) {
            throw new ModelException(name + " holds " + codes.length + " codes, but model " + model + " makes pictures of "
                    + decoder.rows() + " × " + decoder.columns() + " codes, and " + codes.length + " make no square one");
        }
        return new Codes(rows, columns, codes);
    }

    /** Adds what the image decoder computes; {@code path} is {@code vq.dec.TAG}. */
    void decode(String path, Codes codes, Map<String, Tensor> values) {
        ImageDecoder decoder = components.decoder();
        TensorType type = TensorType.i32(1, codes.codes().length);
        GraphBuilder graph = new GraphBuilder();
        Node input = graph.input(IN, type);
        Node pixels = decoder.pixels(graph, decoder.embed(graph, input, codes.rows(), codes.columns()));
        Map<String, Node> asked = named(graph, name -> name.startsWith(DECODER)
                ? path + "." + name.substring(DECODER.length()) : path + "." + name);
        asked.put(path + ".pixels", pixels);
        values.putAll(run(graph.build(asked), Map.of(IN, Tensor.of(IN, type.shape(), codes.codes()))));
    }

    /** Adds what the core computes; {@code tag} ends with a dot, or is empty. */
    private void transform(String tag, TokenRow row, Map<String, Tensor> values) {
        // A stream's positions are 0, 1, 2 and so on; what belongs to others is asked for by rope.positions.
        compute(row, Head.TEXT, components.core().logitsName(), name -> !name.startsWith(ROTATION))
                .forEach((name, value) -> values.put(tag + name, value.named(tag + name)));
    }

    /**
     * What the core computes for one stream.
     *
     * @param scores what its scores shall be called
     * @param shown  which of its named values are given, too
     */
    Map<String, Tensor> compute(TokenRow row, Head head, String scores, Predicate<String> shown) {
        TransformerCore core = components.core();
        int hidden = core.geometry().hidden();
        TensorType type = TensorType.i32(1, row.size());
        GraphBuilder graph = new GraphBuilder();
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put(IN, Tensor.of(IN, type.shape(), row.from(0)));
        Node embedded = core.embed(graph, graph.input(IN, type));
        // What stands behind an embedding belongs to gen.embed.codes.
        Map<String, Node> before = named(graph, UnaryOperator.identity());
        if (row.hasFeatures(0, row.size())) {
            float[] features = new float[row.size() * hidden];
            int[] given = IntStream.range(0, row.size()).map(i -> row.copyFeatures(i, features, i * hidden) ? 1 : 0).toArray();
            inputs.put(GIVEN, Tensor.of(GIVEN, Shape.of(1, row.size(), 1), given));
            inputs.put(FEATURES, Tensor.of(FEATURES, Shape.of(1, row.size(), hidden), features));
            embedded = graph.select(graph.input(GIVEN, inputs.get(GIVEN).type()),
                    graph.input(FEATURES, inputs.get(FEATURES).type()), embedded);
        }
        Node behind = core.hidden(graph, embedded, graph.iota(type, 1), positions(graph, row, core.axes()), new AttentionTrace());
        Map<String, Node> asked = named(graph, UnaryOperator.identity());
        asked.keySet().removeIf(name -> before.containsKey(name) || !shown.test(name));
        // Heads stand without the dimension of sequences, of which there is one.
        asked.replaceAll((name, node) -> node.shape().rank() == 4 ? graph.reshape(node, node.shape().drop(1)) : node);
        asked.put(scores, core.logits(graph, graph.reshape(behind, Shape.of(row.size(), hidden)), head));
        return run(graph.build(asked), inputs);
    }

    private static List<Node> positions(GraphBuilder graph, TokenRow row, int axes) {
        return IntStream.range(0, axes).mapToObj(axis -> graph.constant(TensorType.i32(1, row.size()),
                IntStream.range(0, row.size()).mapToDouble(place -> row.position(place, axis)).toArray())).toList();
    }

    /** The tokens of an input, with the places of pictures filled in. */
    private TokenRow row(String name, Tensor input, Optional<Codes> codes, List<Features> features) {
        TransformerCore core = components.core();
        int[] ids = input.ints();
        int context = core.geometry().context();
        if (ids.length == 0 || ids.length > context || input.shape().size(-1) != ids.length) {
            throw new ModelException(name + " should hold one row of 1 to " + context + " tokens for model " + model);
        }
        check(name, ids, core.geometry().vocabulary());
        PromptFormat format = core.format();
        SpecialTokens tokens = format.tokens();
        int places = (int) IntStream.of(ids).filter(id -> id == tokens.placeholder()).count();
        if (places == 0) {
            return new TokenRow().add(ids);
        }
        if (!features.isEmpty()) {
            return filled(name, ids, tokens.placeholder(), places, features);
        }
        Codes fill = codes.orElseThrow(() -> new ModelException(name + " has " + places
                + " places for a picture, but there is no " + (components.encoder() instanceof VisionTower ? SEEN : PIXELS)
                + " to take it from"));
        // A picture's line ends may be among the places.
        int[] template = format.places(fill.rows(), fill.columns());
        int inTemplate = (int) IntStream.range(0, Math.min(places, template.length))
                .filter(i -> template[i] == PromptFormat.CODE).count();
        if (inTemplate != fill.codes().length) {
            throw new ModelException(name + " has " + places + " places for a picture, but " + PIXELS + " gives "
                    + fill.codes().length + " codes");
        }
        int place = 0;
        int code = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == tokens.placeholder()) {
                int id = template[place++];
                ids[i] = id == PromptFormat.CODE ? tokens.pictureIds()[fill.codes()[code++]] : id;
            }
        }
        return new TokenRow().add(ids);
    }

    private TokenRow filled(String name, int[] ids, int placeholder, int places, List<Features> pictures) {
        int hidden = components.core().geometry().hidden();
        int given = pictures.stream().mapToInt(picture -> picture.rows() * picture.columns()).sum();
        if (given != places) {
            throw new ModelException(name + " has " + places + " places for a picture, but " + SEEN + " gives " + given);
        }
        TokenRow row = new TokenRow();
        Iterator<Features> next = pictures.iterator();
        for (int i = 0; i < ids.length; i = row.size()) {
            if (ids[i] != placeholder) {
                row.add(ids[i]);
                continue;
            }
            row.addPicture(placeholder, next.next(), hidden);
            if (IntStream.range(i, row.size()).anyMatch(place -> ids[place] != placeholder)) {
                throw new ModelException(name + " has other tokens among the " + (row.size() - i) + " places of a picture");
            }
        }
        return row;
    }

    void check(String name, int[] values, int count) {
        if (IntStream.of(values).anyMatch(value -> value < 0 || value >= count)) {
            throw new ModelException(name + " should hold numbers from 0 to " + (count - 1) + " for model " + model);
        }
    }

    private static Map<String, Node> named(GraphBuilder graph, UnaryOperator<String> rename) {
        Map<String, Node> named = new LinkedHashMap<>();
        graph.named().forEach((name, node) -> named.put(rename.apply(name), node));
        return named;
    }

    private Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
        try (Plan plan = binding.compile(graph, components.presentation().weights(), Map.of(), Precision.EXACT)) {
            inputs.forEach((name, tensor) -> {
                if (graph.leaves(Leaf.Input.class).get(name).type().encoding().isInteger()) {
                    plan.input(name).write(tensor.ints());
                } else {
                    plan.input(name).write(tensor.floats());
                }
            });
            plan.run();
            Map<String, Tensor> values = new LinkedHashMap<>();
            graph.outputs().forEach((name, node) -> {
                int count = Math.toIntExact(node.shape().elements());
                values.put(name, node.encoding() == Encoding.I32
                        ? Tensor.of(name, node.shape(), plan.output(name).ints(count))
                        : Tensor.of(name, node.shape(), plan.output(name).floats(count)));
            });
            return values;
        }
    }
}
