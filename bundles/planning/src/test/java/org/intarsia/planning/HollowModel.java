package org.intarsia.planning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.model.api.KeyValueCache;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.vision.encoder.ChameleonEncoderFactory;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/** The 405B geometry as a model directory with holes for weights. */
final class HollowModel {
    private static final String SHAPE = "chameleon-405b";
    private static final Encoding ENCODING = Encoding.BF16;

    private final Path directory;
    private final List<Path> shards;

    HollowModel(Path directory) throws IOException {
        this.directory = directory;
        for (var file : Configuration.find(SHAPE, Workshop.FAMILIES).files().entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue().toString());
        }
        shards = HollowCheckpoint.write(Workshop.planner().blueprint(SHAPE), ENCODING, directory);
    }

    List<Path> shards() {
        return shards;
    }

    /** How long the files are. */
    long bytes() throws IOException {
        long bytes = 0;
        for (Path shard : shards) {
            bytes += Files.size(shard);
        }
        return bytes;
    }

    Weights open() {
        return Checkpoint.open(directory);
    }

    /** Makes every component, which looks for all of its tensors; gives the transformer. */
    TransformerCore components(Weights weights) {
        Workshop.Opened opened = new Workshop.Opened(directory, weights);
        new ChameleonEncoderFactory().create(opened);
        new ChameleonDecoderFactory().create(opened);
        return new ChameleonCoreFactory().create(opened);
    }

    /**
     * One token through some layers.
     *
     * @param room for their configuration; deleted by the caller
     * @param seconds receives how long the run took
     * @return what comes out
     */
    float[] step(Weights weights, int first, int count, Path room, double[] seconds) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode) json.readTree(directory.resolve(Configuration.CONFIG).toFile());
        json.writeValue(room.resolve(Configuration.CONFIG).toFile(), config.put("num_hidden_layers", count));
        Weights part = new HollowCheckpoint.Layers(weights, first, count);
        TransformerCore core = new ChameleonCoreFactory().create(new Workshop.Opened(room, part));
        GraphBuilder builder = new GraphBuilder();
        Node ids = builder.input("ids", TensorType.i32(1, 1));
        Node position = builder.input("position", TensorType.i32(1, 1));
        Node hidden = core.hidden(builder, core.embed(builder, ids), position, KeyValueCache.none());
        Graph graph = builder.build(Map.of("hidden", hidden));
        try (Device device = new CpuBackend().open()) {
            Map<String, Buffer> bound = new HashMap<>();
            graph.leaves(Leaf.Parameter.class).forEach((name, node) -> bound.put(name,
                    device.constant(part.get(name).type(), part.get(name).content())));
            try (Plan plan = device.compile(graph, bound, 0)) {
                plan.input("ids").write(9000);
                plan.input("position").write(0);
                long start = System.nanoTime();
                plan.run();
                seconds[0] = (System.nanoTime() - start) / 1e9;
                return plan.output("hidden").floats(core.geometry().hidden());
            }
        }
    }

    /** Bytes of the weights of so many layers. */
    static long layerBytes(int count) {
        return count * Workshop.planner().blueprint(SHAPE).pieces().stream().filter(piece -> piece.name().equals("layer 0"))
                .flatMap(piece -> piece.weights().stream()).mapToLong(weight -> ENCODING.bytes(weight.parameters())).sum();
    }
}
