package org.intarsia.engine;

import com.google.inject.name.Named;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.intarsia.backend.api.DeviceLostException;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An opened model, shared by all who opened it; {@link SharedModel} is what each of them holds. */
final class OpenModel implements Model {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenModel.class);

    private final String name;
    private final Registry registry;
    private final Placement placement;
    private final ModelDirectory directory;
    private final Preferences preferences;
    private final Components components;
    private final Compute compute;
    private final Pictures pictures;
    private final Steppers steppers;
    private final StreamLayout layout;
    private final Tracer tracer;
    private final Consumer<Object> watcher = this::drop;
    private boolean closed;

    @Inject
    OpenModel(@Named(ModelModule.NAME) String name, Registry registry, Placement placement, ModelDirectory directory,
            Preferences preferences, Components components, Compute compute, Pictures pictures, Steppers steppers, StreamLayout layout,
            Tracer tracer) {
        this.name = name;
        this.registry = registry;
        this.placement = placement;
        this.directory = directory;
        this.preferences = preferences;
        this.components = components;
        this.compute = compute;
        this.pictures = pictures;
        this.steppers = steppers;
        this.layout = layout;
        this.tracer = tracer;
        registry.watch(watcher);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path directory() {
        return directory.directory();
    }

    @Override
    public Sampling sampling(Goal goal) {
        return preferences.sampling(goal);
    }

    @Override
    public Generation prepare(List<Request> requests, Consumer<Event> listener) {
        return new GenerationRun(this, requests, listener);
    }

    @Override
    public int[] encode(Image picture) {
        return using(() -> pictures.encode(picture));
    }

    @Override
    public Image decode(int[] codes) {
        return using(() -> pictures.decode(codes));
    }

    @Override
    public List<String> trace(Path inputs, Path outputs) {
        return using(() -> tracer.trace(inputs, outputs));
    }

    @Override
    public long bytesPerToken() {
        return using(() -> {
            Stepper stepper = steppers.take(1, 1);
            try {
                return stepper.bytesPerToken();
            } finally {
                steppers.giveBack(stepper);
            }
        });
    }

    /**
     * Works with the model's services, which cannot leave meanwhile. Where the device is lost, the work is done again on
     * another backend, as long as there is one; where a service has left that is needed, the work waits for another for
     * some time, and is done again then. So it must be such that it can be begun again.
     */
    <R> R using(Supplier<R> work) {
        long deadline = 0;
        while (true) {
            long arrivals = registry.arrivals();
            int[] drops = new int[1];
            try {
                return registry.using(() -> {
                    if (closed) {
                        throw new ModelException("model " + name + " has been closed; open it again");
                    }
                    drops[0] = compute.drops();
                    return work.get();
                });
            } catch (DeviceLostException e) {
                if (!registry.alone(() -> leave(drops[0], e))) {
                    throw e;
                }
            } catch (MissingComponentException | MissingBackendException e) {
                if (deadline == 0) {
                    deadline = System.nanoTime() + registry.patience().toNanos();
                    if (e.departed() && registry.patience().isPositive()) {
                        LOGGER.warn("{}; model {} waits {} s for it", e.getMessage(), name, registry.patience().toMillis() / 1e3);
                    }
                }
                if (!e.departed() || !registry.awaitArrival(arrivals, deadline)) {
                    throw e;
                }
            }
        }
    }

    /** Somebody else may have noticed the loss before. */
    private void leave(int drops, DeviceLostException reason) {
        if (compute.drops() == drops) {
            dropPlans();
            compute.leave(reason);
        }
    }

    /** Lets go of the device, so that the next step opens the one that is best then; call it while nobody computes. */
    void move() {
        if (placement.backend().isEmpty()) {
            dropPlans();
            compute.drop();
        }
    }

    private void dropPlans() {
        steppers.drop();
        pictures.drop();
    }

    /** A request on its way. Call it inside {@link #using}. */
    TokenStream stream(int number, Request request, Supplier<Origin> origin) {
        return new TokenStream(number, request, layout, components, pictures, name, origin);
    }

    /** Lets whoever waits for a service look again. */
    void wake() {
        registry.wake();
    }

    /** Where an answer comes from that these devices have computed. Call it inside {@link #using}. */
    Origin origin(Collection<String> devices) {
        return new Origin(registry.platform(), name, directory.weightsHash(), components.bundles(), List.copyOf(devices));
    }

    /** Which device computes. Call it inside {@link #using}. */
    String where() {
        return compute.where();
    }

    StreamLayout layout() {
        return layout;
    }

    Steppers steppers() {
        return steppers;
    }

    /** Whether a component of that factory, or that backend, is in use. */
    boolean uses(Object service) {
        return components.use(service) || compute.uses(service);
    }

    private void drop(Object service) {
        compute.forget(service);
        if (uses(service)) {
            // Plans are quickly made again; what other services gave stays.
            dropPlans();
            components.drop(service);
            if (compute.uses(service)) {
                compute.drop();
            }
        }
    }

    @Override
    public void close() {
        registry.unwatch(watcher, () -> {
            if (!closed) {
                closed = true;
                dropPlans();
                compute.drop();
                components.drop();
                directory.close();
            }
        });
    }
}
