package org.intarsia.remote.hosts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHost;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostDescription.HostDevice;
import org.intarsia.remote.api.HostDescription.HostModel;
import org.intarsia.remote.api.TensorFrame;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/** Describes this process. Safe for use by several threads. */
public final class LocalHost implements Host {
    private final String id = UUID.randomUUID().toString();
    private final Engine engine;
    private final DoubleSupplier bandwidth;
    private final String name;
    private final String version;
    /** Hashes of weights, by model or path, and bundle: a hash reads everything, about a second for each gigabyte. */
    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private volatile List<String> offered = List.of();
    private volatile boolean draining;
    private volatile double memoryBandwidth;

    /**
     * @param engine    whose devices and models are described
     * @param bandwidth measures {@link HostDescription#memoryBandwidth}
     * @param name      for people
     * @param version   that of Intarsia's bundles
     */
    public LocalHost(Engine engine, DoubleSupplier bandwidth, String name, String version) {
        this.engine = engine;
        this.bandwidth = bandwidth;
        this.name = name;
        this.version = version;
    }

    /** Measures what takes longer than a call may, so that the first description comes at once. */
    public void prepare() {
        memoryBandwidth = bandwidth.getAsDouble();
        describe();
    }

    /** Says in descriptions from now on whether this host asks for no more work. */
    public void drain(boolean drained) {
        draining = drained;
    }

    /** The identity of this process. */
    String id() {
        return id;
    }

    /** The version of Intarsia's bundles. */
    String version() {
        return version;
    }

    /**
     * Lets other hosts compute layers of more models than those that are installed.
     *
     * @param models directories or GGUF files, as the engine opens them
     * @throws ModelException when one is no model
     */
    public void offer(List<String> models) {
        models.forEach(engine::directory);
        offered = List.copyOf(models);
    }

    /** The installed models and those that are offered beside them, with the hashes of their weights. */
    List<HostModel> models() {
        return List.copyOf(sources().keySet());
    }

    /** The name or path by which the engine opens each model. */
    private Map<HostModel, String> sources() {
        Map<HostModel, String> sources = new LinkedHashMap<>();
        for (ModelInfo model : engine.models()) {
            sources.put(new HostModel(model.name(), hash(model.name(), model.bundle())), model.name());
        }
        for (String path : offered) {
            sources.putIfAbsent(new HostModel(engine.directory(path).getFileName().toString(), hash(path, "")), path);
        }
        return sources;
    }

    private String hash(String nameOrPath, String bundle) {
        return hashes.computeIfAbsent(nameOrPath + " " + bundle, key -> {
            try (Weights weights = Checkpoint.open(engine.directory(nameOrPath))) {
                return "sha256:" + weights.hash();
            }
        });
    }

    /** Returns the strength of this host; the first time, this measures the memory of the processor. */
    StageHost.Capacity capacity() {
        if (memoryBandwidth == 0) {
            memoryBandwidth = bandwidth.getAsDouble();
        }
        return KnownHost.capacity(describe());
    }

    @Override
    public HostDescription describe() {
        Metrics metrics = engine.metrics();
        List<HostDevice> devices = engine.backends().stream().flatMap(backend -> backend.devices().stream()
                .map(device -> new HostDevice(backend.name(), device.name(), device.description(), device.memoryBytes()))).toList();
        return new HostDescription(id, name, version, draining, memoryBandwidth, devices, models(),
                metrics.inFlight(), metrics.queue());
    }

    @Override
    public TensorFrame echo(TensorFrame frame) {
        return frame;
    }

    @Override
    public Stage stage(StageLayers layers) {
        // By the hash alone: no name or path of another host opens anything here.
        String source = sources().entrySet().stream().filter(each -> each.getKey().weights().equals(layers.weights()))
                .map(Map.Entry::getValue).findFirst()
                .orElseThrow(() -> new ModelException("this host has no model of these weights: install it there, or let it offer the"
                        + " folder by hosts serve --model"));
        // The stage keeps the model open.
        try (Model model = engine.open(source, Placement.ANYWHERE.with(layers.precision()))) {
            return model.stage(layers);
        }
    }
}
