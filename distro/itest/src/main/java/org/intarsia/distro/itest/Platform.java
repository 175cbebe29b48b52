package org.intarsia.distro.itest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.util.tracker.ServiceTracker;

/** The running framework, as the tests see it. */
final class Platform {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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

    /** The service, if it is there now. */
    <S> Optional<S> serviceNow(Class<S> type) {
        return Optional.ofNullable(context.getServiceReference(type)).map(context::getService);
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

    /** Replaces a bundle's classes by new ones from the same file. */
    void update(String symbolicName) throws BundleException, InterruptedException {
        Bundle bundle = bundle(symbolicName);
        bundle.update();
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> refreshed.countDown());
        if (!refreshed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(symbolicName + " is not refreshed within " + PATIENCE);
        }
    }

    /** The folder of a model of the reference implementation, tiny and with random weights. */
    Path fixture(String name) {
        return Path.of(context.getProperty("intarsia.fixtures"), name);
    }
}
