package org.intarsia.engine.pipeline;

import com.google.inject.name.Named;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.files.OpenedFiles;
import org.intarsia.engine.registry.MissingBackendException;
import org.intarsia.engine.registry.Registry;
import org.intarsia.engine.scheduler.PlanCompiler;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.engine.scheduler.StageCompiler;
import org.intarsia.engine.scheduler.StagedCompiler;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.engine.stages.LayerSplit;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHost;
import org.intarsia.engine.stages.StageHosts;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.text.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that compute an opened model. This one has the first layers, the embedding and the heads; the others have the layers
 * between, in the order in which they were named. When one is lost, its layers are divided among those that are left, and when it is
 * there again, it is used again. Use it inside {@link Registry#using}.
 */
public final class HostSpread {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostSpread.class);

    private final String model;
    private final Registry registry;
    private final Placement placement;
    private final OpenedFiles files;
    private final DeviceBinding binding;
    /** Identities of the hosts among which layers were divided last; null until that is done. */
    private Set<String> divided;
    /** Names the devices of other hosts behind that of this one. */
    private String beside = "";
    /** Why the last host was lost; empty where none was. */
    private String loss = "";
    /** The time of a loss that no step has followed yet, as {@link System#nanoTime} counts; 0 where there is none. */
    private long lostAt;
    private volatile int losses;

    @Inject
    HostSpread(@Named(PipelineVersions.MODEL) String model, Registry registry, Placement placement, OpenedFiles files,
            DeviceBinding binding) {
        this.model = model;
        this.registry = registry;
        this.placement = placement;
        this.files = files;
        this.binding = binding;
    }

    /**
     * Makes a runner of a core, with a key/value cache of its own on the devices that are there; the caller closes it.
     *
     * @throws MissingBackendException when hosts that are needed are not there
     */
    synchronized StepRunner runner(TransformerCore core, Presentation presentation) {
        if (placement.hosts().isEmpty()) {
            return binding.runner(core, presentation.weights(), registry.limits());
        }
        if (presentation.adapted().isPresent()) {
            throw new ModelException("adapters are not computed on other hosts: leave out --adapter or --hosts, or write the model with"
                    + " its adapters by weights merge and give that to all hosts");
        }
        Encoding encoding = binding.cacheEncoding(presentation.weights());
        StageHosts service = registry.stageHosts();
        List<StageHost> hosts = usable(service);
        PlanCompiler compiler = compiler(core, presentation, encoding, service, hosts);
        boolean made = false;
        try {
            StepRunner runner = new StepRunner(compiler, core, registry.limits(), encoding);
            made = true;
            divided = identities(hosts);
            return runner;
        } finally {
            if (!made) {
                compiler.close();
            }
        }
    }

    private List<StageHost> usable(StageHosts service) {
        List<StageHost> all = service.hosts(placement.hosts());
        List<StageHost> hosts = all.stream().filter(host -> host.unusable().isEmpty()).toList();
        // A host that is named must be there at first; one that is lost later is gone on without.
        Optional<String> missed = all.stream().map(StageHost::unusable).flatMap(Optional::stream).findFirst();
        if (divided == null && missed.isPresent()) {
            throw new MissingBackendException(missed.get(), Optional.empty());
        }
        if (all.isEmpty()) {
            throw new MissingBackendException("no other host is known: name some by --hosts HOST:PORT,…, add them by hosts add, or set"
                    + " hosts in org.intarsia.remote.cfg", Optional.empty());
        }
        return hosts;
    }

    /** Opens layers on hosts. One that refuses is an error at first; later it is gone on without it. */
    private PlanCompiler compiler(TransformerCore core, Presentation presentation, Encoding encoding, StageHosts service,
            List<StageHost> hosts) {
        List<StageHost> willing = new ArrayList<>(hosts);
        while (true) {
            int[] counts = divide(core, encoding, service, willing);
            try {
                return compiler(core, presentation, encoding, willing, counts);
            } catch (HostRefusal e) {
                if (divided == null) {
                    throw e.reason;
                }
                LOGGER.warn("model {}: {}; its layers are divided among the others", Quoted.of(model), e.reason.getMessage());
                willing.remove(e.host);
            }
        }
    }

    /** A host does not open the layers that it shall. */
    private static final class HostRefusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient StageHost host;
        private final RuntimeException reason;

        HostRefusal(StageHost host, RuntimeException reason) {
            super(reason);
            this.host = host;
            this.reason = reason;
        }
    }

    private static Stage open(StageHost host, StageLayers layers) throws HostRefusal {
        try {
            return host.open(layers);
        } catch (DeviceLostException e) {
            throw e;
        } catch (ModelException | BackendException e) {
            throw new HostRefusal(host, e);
        }
    }

    private int[] divide(TransformerCore core, Encoding encoding, StageHosts service, List<StageHost> hosts) {
        StepRunner.LayerBytes bytes = StepRunner.layerBytes(core, registry.limits(), encoding);
        List<StageHost.Capacity> capacities = new ArrayList<>(List.of(service.local()));
        hosts.forEach(host -> capacities.add(host.capacity()));
        return LayerSplit.of(bytes.layers(), bytes.fixed(), bytes.read(), capacities).orElseThrow(() -> new MissingBackendException("model "
                + Quoted.of(model) + " takes " + gibibytes(bytes.all()) + " GiB, and the hosts that are there have "
                + gibibytes(capacities.stream().mapToLong(StageHost.Capacity::memoryBytes).sum()) + " GiB: name more by --hosts"
                + (loss.isEmpty() ? "" : "; " + loss), Optional.of(loss).filter(why -> !why.isEmpty())));
    }

    private static String gibibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (double) (1L << 30));
    }

    private PlanCompiler compiler(TransformerCore core, Presentation presentation, Encoding encoding, List<StageHost> hosts, int[] counts)
            throws HostRefusal {
        SchedulerLimits limits = registry.limits();
        PlanCompiler here = binding.compiler(presentation.weights());
        String weights = files.weightsHash();
        List<PlanCompiler> stages = new ArrayList<>(List.of(here));
        List<Integer> boundaries = new ArrayList<>();
        List<String> places = new ArrayList<>();
        StringBuilder devices = new StringBuilder();
        int next = counts[0];
        boolean opened = false;
        try {
            for (int number = 0; number < hosts.size(); number++) {
                int count = counts[number + 1];
                if (count == 0) {
                    continue;
                }
                StageHost host = hosts.get(number);
                StageLayers layers = StepRunner.layers(core, limits, weights, next, next + count - 1, encoding,
                        binding.precision(presentation.weights()));
                Stage stage = open(host, layers);
                boundaries.add(next - 1);
                stages.add(new StageCompiler(stage, layers));
                String numbers = "layers " + next + " to " + layers.last();
                places.add(numbers + " on host " + host.address() + ", " + Quoted.line(stage.where()));
                devices.append(" + ").append(numbers).append(" on another host's ").append(Quoted.line(stage.where()));
                next += count;
            }
            opened = true;
        } finally {
            if (!opened) {
                stages.forEach(PlanCompiler::close);
            }
        }
        beside = devices.toString();
        if (boundaries.isEmpty()) {
            LOGGER.info("model {}: this host computes all layers; no other would make it faster, or none is there", Quoted.of(model));
            return here;
        }
        LOGGER.info("model {}: layers 0 to {} and the heads here, {}", Quoted.of(model), counts[0] - 1, String.join("; ", places));
        boundaries.add(next - 1);
        stages.add(here);
        return new StagedCompiler(stages, boundaries);
    }

    /** Names the devices that have computed a step, as {@link DeviceBinding#where} does, with those of other hosts behind. */
    synchronized String where(Presentation presentation) {
        if (lostAt != 0) {
            LOGGER.warn("model {} goes on, {} s after the loss was noticed", Quoted.of(model),
                    String.format(Locale.ROOT, "%.2f", (System.nanoTime() - lostAt) / 1e9));
            lostAt = 0;
        }
        return binding.where(presentation.weights()) + beside;
    }

    /** Tells whether layers were divided among other hosts than those that are there now. */
    public synchronized boolean isOutdated() {
        return divided != null && registry.usedStageHosts().map(service -> !divided.equals(identities(service.hosts(placement.hosts())
                .stream().filter(host -> host.unusable().isEmpty()).toList()))).orElse(true);
    }

    private static Set<String> identities(List<StageHost> hosts) {
        return hosts.stream().map(host -> host.address() + " " + host.id()).collect(Collectors.toUnmodifiableSet());
    }

    /** Remembers that a host was lost; call it while nobody computes. */
    public synchronized void lost(DeviceLostException reason) {
        losses++;
        lostAt = lostAt == 0 ? System.nanoTime() | 1 : lostAt;
        loss = reason.getMessage();
        if (divided != null) {
            LOGGER.warn("model {}: {}; its layers are divided among the hosts that are left", Quoted.of(model), reason.getMessage());
        }
    }

    /** Returns how often a host was lost: an equal number means that all are still the same. */
    public int losses() {
        return losses;
    }
}
