package org.intarsia.remote.hosts;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.ModelInfo;
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
    /** Hashes of weights, by model and bundle: a hash reads everything, about a second for each gigabyte. */
    private final Map<String, String> hashes = new ConcurrentHashMap<>();
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

    /** The version of Intarsia's bundles. */
    String version() {
        return version;
    }

    /** The installed models, with the hashes of their weights. */
    List<HostModel> models() {
        return engine.models().stream().map(model -> new HostModel(model.name(), hash(model))).toList();
    }

    private String hash(ModelInfo model) {
        return hashes.computeIfAbsent(model.name() + " " + model.bundle(), key -> {
            try (Weights weights = Checkpoint.open(engine.directory(model.name()))) {
                return "sha256:" + weights.hash();
            }
        });
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
}
