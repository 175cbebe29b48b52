package org.intarsia.planning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.MemoryPlan;
import org.intarsia.graph.Node;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Index;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.CodebookEncoder;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.model.api.VisionEncoder;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.Family;
import org.intarsia.model.blocks.Fields;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Blueprint.Piece;
import org.intarsia.planning.api.Blueprint.Weight;
import org.intarsia.weights.Weights;

/** Lets the components of one model ask for their weights, and writes down which; used once. */
final class Surveyor implements AutoCloseable {
    private static final String CORE = "transformer core";
    private static final String EMBEDDING = "hidden.embed";
    private static final String LAYER = "hidden.layer.";
    /** Tokens of a prompt that are read at once; the engine takes as many for one stream. */
    private static final int CHUNK = 1024;
    private static final long ALIGNMENT = 64;

    private final Configuration configuration;
    private final ModelFiles presented;
    private final List<ImaginaryWeights> weights = new ArrayList<>();
    private final Set<String> counted = new HashSet<>();
    private final List<Piece> pieces = new ArrayList<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final Map<String, Long> work = new LinkedHashMap<>();

    /** @param families best first; the one that takes the model says how components see its configuration */
    Surveyor(Configuration configuration, List<ModelFamily> families) {
        this.configuration = configuration;
        ModelFiles published = new Published(configuration);
        this.presented = families.stream().filter(family -> family.refuses(published).isEmpty()).findFirst()
                .map(family -> family.present(published)).orElse(published);
    }

    /** The model as it was published, without weights: names of tensors are those that components ask for. */
    private record Published(Configuration configuration) implements ModelFiles {
        @Override
        public Path directory() {
            return configuration.directory();
        }

        @Override
        public String family() {
            return configuration.family();
        }

        @Override
        public Optional<String> json(String fileName) {
            return configuration.json(fileName).or(() -> Fields.text(configuration.directory().resolve(fileName)));
        }

        @Override
        public Weights weights() {
            return Weights.of(List.of());
        }
    }

    /** What a factory sees of the model. */
    private record Files(ModelFiles presented, ImaginaryWeights weights) implements ModelFiles {
        @Override
        public Path directory() {
            return presented.directory();
        }

        @Override
        public String family() {
            return presented.family();
        }

        @Override
        public Optional<String> json(String fileName) {
            return presented.json(fileName);
        }

        // The interface's type: a component must not know that these are not real.
        @Override
        public ImaginaryWeights weights() {
            return weights;
        }
    }

    /** A component and what it asked for. */
    private record Asked<C>(C component, ImaginaryWeights weights) {
    }

    /**
     * Writes everything down.
     *
     * @throws ModelException when no transformer core knows the family, or the configuration is broken
     */
    Blueprint survey(List<ComponentFactory.OfVisionEncoder> encoders, List<ComponentFactory.OfTransformerCore> cores,
            List<ComponentFactory.OfImageDecoder> decoders) {
        ask("vision encoder", encoders).ifPresent(asked -> piece("vision encoder", asked, () -> encode(asked.component())));
        Asked<TransformerCore> core = ask(CORE, cores).orElseThrow(() -> new ModelException("no transformer core can serve '"
                + configuration.name() + "': " + absent.get(CORE)));
        surveyCore(core);
        ask("image decoder", decoders).ifPresent(asked -> piece("image decoder", asked, () -> decode(asked.component())));
        return new Blueprint(configuration.name(), configuration.family(), core.component().geometry(), List.copyOf(pieces),
                absent, work);
    }

    private <C> Optional<Asked<C>> ask(String kind, List<? extends ComponentFactory<C>> factories) {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (ComponentFactory<C> factory : factories) {
            ImaginaryWeights imagined = new ImaginaryWeights();
            weights.add(imagined);
            Files files = new Files(presented, imagined);
            Optional<String> refusal = factory.refuses(files);
            if (refusal.isEmpty()) {
                return Optional.of(new Asked<>(factory.create(files), imagined));
            }
            reasons.put(factory.name(), refusal.get());
        }
        absent.put(kind, reasons.isEmpty() ? "no bundle that has one is installed" : Family.refusal(presented, reasons));
        return Optional.empty();
    }

    private void piece(String kind, Asked<?> asked, Runnable use) {
        use.run();
        pieces.add(new Piece(kind, kind, fresh(asked.weights().asked(), Set.of()), 0));
    }

    /** Those that no piece has yet. */
    private List<Weight> fresh(Map<String, Shape> asked, Set<String> whole) {
        return asked.entrySet().stream().filter(entry -> counted.add(entry.getKey()))
                .map(entry -> new Weight(entry.getKey(), entry.getValue(), whole.contains(entry.getKey()))).toList();
    }

    private void encode(VisionEncoder encoder) {
        if (encoder instanceof CodebookEncoder codebook) {
            work.put("coding a picture", picture(encoder, (graph, pixels) -> codebook.quantize(graph, codebook.latent(graph, pixels))));
        }
        if (encoder instanceof VisionTower tower) {
            work.put("seeing a picture", picture(encoder, tower::features));
        }
    }

    /** Bytes of intermediate values of a network that reads a picture. */
    private static long picture(VisionEncoder encoder, BiFunction<GraphBuilder, Node, Node> network) {
        GraphBuilder graph = new GraphBuilder();
        Node pixels = graph.input("pixels", TensorType.f32(1, 3, encoder.height(), encoder.width()));
        return bytes(graph.build(Map.of("read", network.apply(graph, pixels))));
    }

    private void decode(ImageDecoder decoder) {
        GraphBuilder graph = new GraphBuilder();
        Node codes = graph.input("codes", TensorType.i32(1, (long) decoder.rows() * decoder.columns()));
        Node pixels = decoder.pixels(graph, decoder.embed(graph, codes, decoder.rows(), decoder.columns()));
        work.put("painting a picture", bytes(graph.build(Map.of("pixels", pixels))));
    }

    private void surveyCore(Asked<TransformerCore> asked) {
        TransformerCore core = asked.component();
        int context = core.geometry().context();
        work.put("one token", bytes(graph(core, 1, context, false)));
        int chunk = Math.min(CHUNK, context);
        work.put(chunk + " tokens of a prompt", bytes(graph(core, chunk, context, false)));
        Graph named = graph(core, 1, context, true);
        Set<String> whole = readWhole(named);
        // A piece ends with the named value that comes out of it; what comes behind the last layer is the head.
        TreeMap<Integer, String> ends = new TreeMap<>();
        named.outputs().forEach((name, node) -> {
            if (name.equals(EMBEDDING)) {
                ends.put(node.id(), "embedding");
            } else if (name.startsWith(LAYER)) {
                ends.put(node.id(), "layer " + name.substring(LAYER.length()));
            }
        });
        ends.put(Integer.MAX_VALUE, "head");
        Map<String, Map<String, Shape>> parameters = new LinkedHashMap<>();
        Map<String, Long> cache = new LinkedHashMap<>();
        ends.values().forEach(piece -> parameters.put(piece, new TreeMap<>()));
        for (Node node : named.nodes()) {
            String piece = ends.ceilingEntry(node.id()).getValue();
            if (node.op() instanceof Leaf.Parameter parameter) {
                parameters.get(piece).put(parameter.leafName(), node.shape());
            } else if (node.op() instanceof Leaf.State) {
                cache.merge(piece, node.type().bytes() / context, Long::sum);
            }
        }
        parameters.forEach((piece, names) -> pieces.add(
                new Piece(CORE, piece, fresh(names, whole), cache.getOrDefault(piece, 0L))));
        // What it asked for beside reading tokens, for example to turn a picture's codes into hidden values.
        List<Weight> others = fresh(asked.weights().asked(), Set.of());
        if (!others.isEmpty()) {
            pieces.add(new Piece(CORE, "what pictures need beside", others, 0));
        }
    }

    private static Graph graph(TransformerCore core, int length, int context, boolean named) {
        GraphBuilder graph = new GraphBuilder();
        Node ids = graph.input("ids", TensorType.i32(1, length));
        Node position = graph.input("position", TensorType.i32(1, length));
        Node slot = graph.input("slot", TensorType.i32(1));
        Node last = graph.input("last", TensorType.i32(1));
        Node hidden = core.hidden(graph, core.embed(graph, ids), position, KeyValueCache.states(slot, 1, context));
        Node rows = graph.reshape(hidden, Shape.of(length, core.geometry().hidden()));
        Map<String, Node> outputs = new LinkedHashMap<>(named ? graph.named() : Map.of());
        outputs.put("logits", core.logits(graph, graph.gather(rows, last), Head.TEXT));
        return graph.build(outputs);
    }

    private static Set<String> readWhole(Graph graph) {
        return graph.nodes().stream().flatMap(node -> node.operands()
                // Of the first operand a gather reads some rows alone.
                .subList(node.op() instanceof Index.Gather ? 1 : 0, node.operands().size()).stream())
                .map(Node::op).filter(Leaf.Parameter.class::isInstance).map(op -> ((Leaf.Parameter) op).leafName())
                .collect(Collectors.toSet());
    }

    private static long bytes(Graph graph) {
        return MemoryPlan.of(graph, node -> node.op() instanceof Leaf, MemoryPlan::inPlace, ALIGNMENT).bytes();
    }

    @Override
    public void close() {
        weights.forEach(Weights::close);
    }
}
