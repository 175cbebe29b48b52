package org.intarsia.soak;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.Engine;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Replaces bundles under running generations. Use it on one thread. */
final class Swaps {
    /** How long a stopped bundle is away at most. */
    private static final int AWAY_MILLIS = 400;

    private final BundleContext context;
    private final Engine engine;
    private final List<String> symbolicNames;
    private final RandomGenerator random;
    private final List<WeakReference<ClassLoader>> replaced = new ArrayList<>();
    private final SortedMap<String, Integer> kinds = new TreeMap<>();

    /** Something that is done with a bundle. */
    private interface Work {
        void with(Bundle bundle) throws BundleException, InterruptedException;
    }

    /** @param symbolicNames of the bundles to replace */
    Swaps(BundleContext context, Engine engine, List<String> symbolicNames, RandomGenerator random) {
        this.context = context;
        this.engine = engine;
        this.symbolicNames = List.copyOf(symbolicNames);
        this.random = random;
    }

    /** Updates each bundle once: the framework needs threads of its own for that, which stay. */
    void warmUp() throws InterruptedException {
        for (String name : symbolicNames) {
            bundle(name, "updated", this::update);
        }
        kinds.clear();
    }

    /** Makes one swap, and says in words which. */
    String next() throws InterruptedException {
        return switch (random.nextInt(4)) {
            case 0 -> use();
            case 1 -> bundle("stopped and started", this::restart);
            case 2 -> bundle("updated", this::update);
            default -> bundle("installed again", this::reinstall);
        };
    }

    /** By kind, how many were made. */
    SortedMap<String, Integer> kinds() {
        return new TreeMap<>(kinds);
    }

    /** How many class loaders of replaced bundles are still there. Garbage should have been collected before. */
    int classLoaders() {
        replaced.removeIf(reference -> reference.get() == null);
        return replaced.size();
    }

    private String use() {
        List<String> names = engine.backends().stream().filter(backend -> !backend.devices().isEmpty())
                .map(BackendInfo::name).toList();
        String chosen = names.get(random.nextInt(names.size()));
        engine.useBackend(chosen);
        return counted("use backend " + chosen);
    }

    private String bundle(String what, Work work) throws InterruptedException {
        return bundle(symbolicNames.get(random.nextInt(symbolicNames.size())), what, work);
    }

    /** On a thread of its own, which no interrupt reaches: a bundle that was stopped is started again in any case. */
    private String bundle(String name, String what, Work work) throws InterruptedException {
        FutureTask<Void> swap = new FutureTask<>(() -> {
            work.with(installed(name));
            return null;
        });
        Thread.ofPlatform().name("intarsia-soak-swap").start(swap);
        boolean interrupted = false;
        while (true) {
            try {
                swap.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException("bundle " + name + " cannot be " + what + ": " + e.getCause().getMessage(),
                        e.getCause());
            }
        }
        if (interrupted) {
            throw new InterruptedException();
        }
        return counted(name + " " + what);
    }

    private String counted(String swap) {
        kinds.merge(swap, 1, Integer::sum);
        return swap;
    }

    private Bundle installed(String symbolicName) {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().equals(symbolicName)).findFirst()
                .orElseThrow(() -> new IllegalStateException("bundle " + symbolicName + " is not installed any more"));
    }

    private void restart(Bundle bundle) throws BundleException, InterruptedException {
        bundle.stop(Bundle.STOP_TRANSIENT);
        try {
            Thread.sleep(random.nextInt(AWAY_MILLIS));
        } finally {
            bundle.start(Bundle.START_TRANSIENT);
        }
    }

    private void update(Bundle bundle) throws BundleException, InterruptedException {
        replaced.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
        bundle.update();
        refresh(bundle);
    }

    private void reinstall(Bundle bundle) throws BundleException, InterruptedException {
        replaced.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
        String location = bundle.getLocation();
        int level = bundle.adapt(BundleStartLevel.class).getStartLevel();
        bundle.uninstall();
        try {
            refresh(bundle);
        } finally {
            Bundle again = context.installBundle(location);
            again.adapt(BundleStartLevel.class).setStartLevel(level);
            again.start(Bundle.START_ACTIVATION_POLICY);
        }
    }

    private void refresh(Bundle bundle) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> refreshed.countDown());
        refreshed.await();
    }
}
