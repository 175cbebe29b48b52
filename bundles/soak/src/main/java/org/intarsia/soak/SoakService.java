package org.intarsia.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.Placement;
import org.intarsia.model.api.ModelException;
import org.intarsia.soak.api.Soak;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The test of endurance as a service. */
@Component(service = Soak.class)
public final class SoakService implements Soak {
    private static final double NANOS = 1e9;
    private static final int COLLECTIONS = 40;
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private final BundleContext context;
    private final Engine engine;

    @Activate
    public SoakService(BundleContext context, @Reference Engine engine) {
        this.context = context;
        this.engine = engine;
    }

    @Override
    public synchronized Report run(Settings settings, Consumer<String> progress) throws InterruptedException {
        ModelInfo info = engine.models().stream().filter(model -> model.name().equals(settings.model())).findFirst()
                .orElseThrow(() -> new ModelException("there is no installed model " + settings.model()
                        + "; `models` lists what can be named"));
        List<String> names = Stream.of(engine.components().stream().map(ComponentInfo::bundle),
                        engine.backends().stream().map(BackendInfo::bundle), Stream.of(info.bundle()))
                .flatMap(bundles -> bundles).map(bundle -> bundle.substring(0, bundle.indexOf(' '))).distinct().sorted().toList();
        Swaps swaps = new Swaps(context, engine, names, new SplittableRandom(settings.seed()));
        progress.accept("making everything once on each backend");
        swaps.warmUp();
        String usual = warmUp(settings.model());
        Census before = Census.take(storage());
        long leakedBefore = engine.metrics().leakedBytes();
        Tally tally = new Tally();
        long begun = System.nanoTime();
        try (Model model = engine.open(settings.model(), Placement.ANYWHERE)) {
            soak(settings, model, usual, swaps, tally, progress);
        }
        double seconds = (System.nanoTime() - begun) / NANOS;
        progress.accept("looking for what was left behind");
        int loaders = classLoaders(swaps);
        Census after = Census.take(storage());
        List<String> threads = after.threadsMoreThan(before);
        List<String> files = after.filesMoreThan(before);
        Metrics metrics = engine.metrics();
        return new Report(seconds, settings.generations(), tally.generations(), tally.failed(), tally.told(), tally.diverged(),
                tally.moved(), swaps.kinds().values().stream().mapToInt(Integer::intValue).sum(), swaps.kinds(),
                metrics.pauses().p99Ms(), metrics.pauses().maxMs(), metrics.gaps().p50Ms(), loaders,
                threads.size(), after.told() ? files.size() : -1, metrics.leakedBytes() - leakedBefore,
                Stream.concat(threads.stream(), files.stream()).toList(), tally.firstProblem());
    }

    /** Where the framework keeps what it and its bundles unpack: the folder of each bundle lies in it. */
    private Path storage() {
        return context.getDataFile("").toPath().toAbsolutePath().getParent().getParent();
    }

    /**
     * Lets every backend load what it holds as long as it is there: libraries, and threads of drivers.
     *
     * @return the backend that models run on when nobody chooses one
     */
    private String warmUp(String name) {
        try (Model model = engine.open(name, Placement.ANYWHERE)) {
            Tasks.ask(model);
        }
        String usual = "";
        for (BackendInfo backend : engine.backends()) {
            if (!backend.devices().isEmpty()) {
                usual = usual.isEmpty() ? backend.name() : usual;
                try (Model model = engine.open(name, Placement.on(Optional.of(backend.name())))) {
                    Tasks.ask(model);
                }
            }
        }
        return usual;
    }

    private void soak(Settings settings, Model model, String usual, Swaps swaps, Tally tally, Consumer<String> progress)
            throws InterruptedException {
        engine.useBackend(usual);
        Tasks tasks = Tasks.ask(model);
        AtomicBoolean over = new AtomicBoolean();
        List<Lane> lanes = IntStream.range(0, settings.generations())
                .mapToObj(number -> new Lane(model, tasks, number, over, tally)).toList();
        List<Thread> threads = lanes.stream().map(lane -> Thread.ofVirtual().name("intarsia-soak").start(lane)).toList();
        long begun = System.nanoTime();
        try {
            for (int made = 0; made <= settings.swaps(); made++) {
                sleepUntil(begun + (long) (settings.seconds() * NANOS * made / Math.max(1, settings.swaps())));
                if (made < settings.swaps()) {
                    progress.accept(String.format(Locale.ROOT, "%s (%d of %d swaps, %d generations)", swaps.next(),
                            made + 1, settings.swaps(),
                            tally.generations()));
                }
            }
            sleepUntil(begun + (long) (settings.seconds() * NANOS));
        } catch (InterruptedException e) {
            lanes.forEach(Lane::cancel);
            throw e;
        } finally {
            over.set(true);
            // The last ones need not end on the slowest.
            engine.useBackend(usual);
            progress.accept("waiting for the last generations");
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void sleepUntil(long time) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, time - System.nanoTime())));
    }

    /** Collects garbage, and counts the class loaders that stay. */
    private static int classLoaders(Swaps swaps) throws InterruptedException {
        for (int i = 0; i < COLLECTIONS && swaps.classLoaders() > 0; i++) {
            System.gc();
            Thread.sleep(BETWEEN);
        }
        return swaps.classLoaders();
    }
}
