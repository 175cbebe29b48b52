package org.intarsia.distro.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.backend.api.Backend;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;

/** The running framework, as the tests see it. */
final class Platform {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration COLLECTING = Duration.ofSeconds(20);
    private static final String OURS = "org.intarsia.";

    private final BundleContext context = FrameworkUtil.getBundle(Platform.class).getBundleContext();

    /** Something that a test does while a bundle is stopped. */
    interface Action {
        void run() throws Exception;
    }

    /** All bundles of this project. */
    List<Bundle> bundles() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().startsWith(OURS))
                .toList();
    }

    Bundle bundle(String symbolicName) {
        return bundles().stream().filter(bundle -> bundle.getSymbolicName().equals(symbolicName)).findFirst()
                .orElseThrow(() -> new AssertionError(symbolicName + " is not installed"));
    }

    /** The packages that a bundle exports, with their versions. */
    Map<String, Version> exports(Bundle bundle) {
        return bundle.adapt(BundleWiring.class).getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .map(BundleCapability::getAttributes)
                .collect(Collectors.toMap(
                        attributes -> (String) attributes.get(PackageNamespace.PACKAGE_NAMESPACE),
                        attributes -> (Version) attributes.get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE)));
    }

    /** The service, which must come within a minute, and which stays in use until the framework stops. */
    <S> S service(Class<S> type) throws InterruptedException {
        // Left open: a component that nobody uses any more is deactivated, under the hands of whoever still holds it.
        ServiceTracker<S, S> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        S service = tracker.waitForService(PATIENCE.toMillis());
        if (service == null) {
            throw new AssertionError("no " + type.getName() + " within " + PATIENCE);
        }
        return service;
    }

    /** A session of Gogo, in which our commands need no scope. */
    CommandSession session(OutputStream printed) throws InterruptedException {
        PrintStream out = new PrintStream(printed, true);
        CommandSession session = service(CommandProcessor.class).createSession(InputStream.nullInputStream(), out, out);
        session.put("SCOPE", "intarsia:*");
        return session;
    }

    /** Returns the summary of each command, by name. */
    @SuppressWarnings("unchecked") // that is what it returns
    static Map<String, String> help(CommandSession session) throws Exception {
        return (Map<String, String>) session.execute("help");
    }

    /** Something that a test does with a backend. */
    interface Use {
        void with(Backend backend) throws Exception;
    }

    /** Does something with the backend of that name, which must come within a minute, and lets go of it. */
    void withBackend(String name, Use use) throws Exception {
        CompletableFuture<Backend> found = new CompletableFuture<>();
        ServiceTracker<Backend, Backend> tracker = new ServiceTracker<>(context, Backend.class, null) {
            @Override
            public Backend addingService(ServiceReference<Backend> reference) {
                Backend backend = super.addingService(reference);
                if (backend.name().equals(name)) {
                    found.complete(backend);
                }
                return backend;
            }
        };
        tracker.open();
        try {
            use.with(found.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } finally {
            tracker.close();
        }
    }

    /** The names of the backends that are there now. */
    List<String> backends() throws InvalidSyntaxException {
        return context.getServiceReferences(Backend.class, null).stream().map(context::getService).map(Backend::name)
                .sorted().toList();
    }

    /** Stops a bundle, does something, and starts the bundle again whatever happened. */
    void without(String symbolicName, Action action) throws Exception {
        Bundle bundle = bundle(symbolicName);
        bundle.stop();
        try {
            action.run();
        } finally {
            bundle.start();
        }
    }

    /** Stops and starts a bundle of any project. */
    void restart(String symbolicName) throws BundleException {
        Bundle bundle = Arrays.stream(context.getBundles()).filter(each -> each.getSymbolicName().equals(symbolicName)).findFirst()
                .orElseThrow(() -> new AssertionError(symbolicName + " is not installed"));
        bundle.stop();
        bundle.start();
    }

    /** Replaces a bundle's classes by new ones from the same file. */
    void update(String symbolicName) throws BundleException, InterruptedException {
        Bundle bundle = bundle(symbolicName);
        bundle.update();
        refresh(bundle);
    }

    /** Removes a bundle, and installs and starts it again from the same file. */
    void reinstall(String symbolicName) throws BundleException, InterruptedException {
        Bundle bundle = bundle(symbolicName);
        String location = bundle.getLocation();
        int level = bundle.adapt(BundleStartLevel.class).getStartLevel();
        uninstall(bundle);
        Bundle again = context.installBundle(location);
        again.adapt(BundleStartLevel.class).setStartLevel(level);
        again.start();
    }

    /** Installs and starts a bundle that this one carries. */
    Bundle install(String resource) throws BundleException, IOException {
        try (InputStream jar = context.getBundle().getEntry(resource).openStream()) {
            Bundle bundle = context.installBundle("itest:" + resource, jar);
            bundle.start();
            return bundle;
        }
    }

    /** Removes a bundle, and its classes with it. */
    void uninstall(Bundle bundle) throws BundleException, InterruptedException {
        bundle.uninstall();
        refresh(bundle);
    }

    private void refresh(Bundle bundle) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> refreshed.countDown());
        if (!refreshed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(bundle + " is not refreshed within " + PATIENCE);
        }
    }

    /** The class loader of a bundle's present revision, which this does not hold. */
    static WeakReference<ClassLoader> loader(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    /** The places in the list of those that stay, although garbage was collected for a while: once is not always enough. */
    static List<Integer> uncollected(List<WeakReference<ClassLoader>> loaders) throws InterruptedException {
        long deadline = System.nanoTime() + COLLECTING.toNanos();
        List<Integer> left;
        do {
            System.gc();
            Thread.sleep(100);
            left = IntStream.range(0, loaders.size()).filter(place -> loaders.get(place).get() != null).boxed().toList();
        } while (!left.isEmpty() && System.nanoTime() < deadline);
        return left;
    }

    /** The folder of a model of the reference implementation, tiny and with random weights. */
    Path fixture(String name) {
        return Path.of(context.getProperty("intarsia.fixtures"), name);
    }
}
