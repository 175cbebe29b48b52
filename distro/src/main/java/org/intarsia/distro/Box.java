package org.intarsia.distro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** The bundles of the home folder, in a framework: installs them, resolves them, and brings them to a start level. */
final class Box {
    private static final String EXTENDER = "osgi.extender";

    private final Framework framework;
    private final Path home;

    Box(Framework framework, Path home) {
        this.framework = framework;
        this.home = home;
    }

    /** Installs every jar of {@code bundles/}, in the order of their names, and marks it for its start. */
    void install(StartLevels levels) throws IOException, BundleException {
        try (Stream<Path> files = Files.list(home.resolve("bundles"))) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                Bundle bundle = framework.getBundleContext().installBundle("reference:" + jar.toUri());
                if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
                    int level = levels.of(bundle.getSymbolicName());
                    if (level != StartLevels.DEFAULT) {
                        bundle.adapt(BundleStartLevel.class).setStartLevel(level);
                    }
                    // Only marked here: bundles start together, when the framework does.
                    bundle.start(Bundle.START_ACTIVATION_POLICY);
                }
            }
        }
    }

    /**
     * Starts what stands at a level or below it. All of that is resolved at once before: for 50 bundles this takes a quarter
     * of the time that they take one by one. What cannot be resolved tells why when it is to start.
     */
    void start(int level) throws InterruptedException {
        List<Bundle> bundles = Stream.of(framework.getBundleContext().getBundles()).filter(bundle -> levelOf(bundle) <= level).toList();
        framework.adapt(FrameworkWiring.class).resolveBundles(bundles);
        bundles.forEach(bundle -> startExtenders(bundle, level));
        CountDownLatch reached = new CountDownLatch(1);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(level, event -> reached.countDown());
        reached.await();
    }

    private static int levelOf(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).getStartLevel();
    }

    /** A bundle that cannot be without an extender, such as SPI-Fly, takes it to its own level. */
    private static void startExtenders(Bundle bundle, int level) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            wiring.getRequiredWires(EXTENDER).stream()
                    .filter(wire -> !Namespace.RESOLUTION_OPTIONAL.equals(wire.getRequirement().getDirectives()
                            .get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE)))
                    .map(wire -> wire.getProvider().getBundle())
                    .filter(extender -> levelOf(extender) > level)
                    .forEach(extender -> extender.adapt(BundleStartLevel.class).setStartLevel(levelOf(bundle)));
        }
    }
}
