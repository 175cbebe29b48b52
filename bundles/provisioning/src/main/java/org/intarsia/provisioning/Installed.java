package org.intarsia.provisioning;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.provisioning.api.ProvisioningException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles of the running framework. */
final class Installed {
    private static final String IN_PLACE = "reference:";
    private static final long PATIENCE_SECONDS = 60;

    private final BundleContext context;
    private final Bundle framework;

    Installed(BundleContext context) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    Bundle[] bundles() {
        return context.getBundles();
    }

    Optional<Bundle> named(String symbolicName) {
        return Arrays.stream(bundles()).filter(bundle -> symbolicName.equals(bundle.getSymbolicName())).findFirst();
    }

    /** The bundle of a symbolic name or a number. */
    Bundle bundle(String nameOrNumber) {
        return find(nameOrNumber).orElseThrow(() -> unknown(nameOrNumber));
    }

    Optional<Bundle> find(String nameOrNumber) {
        return named(nameOrNumber).or(() -> Arrays.stream(bundles())
                .filter(bundle -> Long.toString(bundle.getBundleId()).equals(nameOrNumber)).findFirst());
    }

    static ProvisioningException unknown(String nameOrNumber) {
        return new ProvisioningException("there is no bundle " + nameOrNumber);
    }

    /**
     * The bundle of that name with the content of the jar: changed where it is there, else installed.
     *
     * @param place where the jar will lie
     */
    Bundle put(Candidate candidate, Path place) {
        Optional<Bundle> present = named(candidate.name());
        try (InputStream content = Files.newInputStream(candidate.jar())) {
            if (present.isEmpty()) {
                return context.installBundle(place.toUri().toString(), content);
            }
            present.get().update(content);
            return present.get();
        } catch (IOException e) {
            throw new ProvisioningException(candidate.jar() + " cannot be read: " + Reason.of(e), e);
        } catch (BundleException e) {
            // The old content is still there, but may have been stopped.
            present.filter(bundle -> bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()).ifPresent(this::start);
            throw new ProvisioningException(candidate + " cannot be installed: " + e.getMessage(), e);
        }
    }

    /** A new bundle that reads its file where it lies. */
    Bundle putInPlace(Candidate candidate) {
        try {
            return context.installBundle(IN_PLACE + candidate.jar().toUri());
        } catch (BundleException e) {
            throw new ProvisioningException(candidate + " cannot be installed: " + e.getMessage(), e);
        }
    }

    /** The file that a bundle was installed from, if it was one. */
    static Optional<Path> file(Bundle bundle) {
        String location = bundle.getLocation();
        String plain = location.startsWith(IN_PLACE) ? location.substring(IN_PLACE.length()) : location;
        try {
            return plain.startsWith("file:/") ? Optional.of(Path.of(URI.create(plain))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Containers have locations of their own making, such as paths with spaces. They are no files of ours.
            return Optional.empty();
        }
    }

    static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    static boolean runs(Bundle bundle) {
        // A bundle that is started lazily stays in the state STARTING until somebody needs a class of it.
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING
                || isResolvedFragment(bundle);
    }

    private static boolean isResolvedFragment(Bundle bundle) {
        return bundle.getState() == Bundle.RESOLVED && isFragment(bundle);
    }

    /** Starts a bundle, or marks it where the start level is not reached yet; says why that fails. */
    Optional<String> start(Bundle bundle) {
        if (isFragment(bundle)) {
            return Optional.empty();
        }
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
            return Optional.empty();
        } catch (BundleException e) {
            String called = bundle.getSymbolicName() + " " + bundle.getVersion();
            Throwable cause = e.getType() == BundleException.ACTIVATOR_ERROR && e.getCause() != null ? e.getCause() : e;
            return new MissingRequirements(bundles(), List.of()).missing(called, bundle.adapt(BundleRevision.class))
                    .or(() -> Optional.of(called + " does not start: " + cause.getMessage()));
        }
    }

    /** The bundles that must be wired anew when this one changes, itself included. */
    Collection<Bundle> closure(Collection<Bundle> bundles) {
        return wiring().getDependencyClosure(bundles);
    }

    /**
     * Lets all who are wired to old content of these bundles go over to the new one, and returns when that is done. Who was
     * running is stopped: {@link #revive} starts those that still can, where the framework would try all and complain.
     */
    void refresh(Collection<Bundle> changed, List<String> problems) {
        FrameworkWiring wiring = wiring();
        if (changed.stream().noneMatch(bundle -> wiring.getRemovalPendingBundles().contains(bundle) || isResolvedFragment(bundle))) {
            return;
        }
        for (Bundle bundle : closure(changed)) {
            try {
                if (bundle.getState() == Bundle.ACTIVE && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID) {
                    bundle.stop(Bundle.STOP_TRANSIENT);
                }
            } catch (BundleException e) {
                problems.add(bundle.getSymbolicName() + " does not stop: " + e.getMessage());
            }
        }
        CountDownLatch refreshed = new CountDownLatch(1);
        wiring.refreshBundles(changed, event -> refreshed.countDown());
        try {
            if (!refreshed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new ProvisioningException("the bundles are still being refreshed after " + PATIENCE_SECONDS
                        + " seconds; a bundle does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningException("interrupted while bundles are refreshed", e);
        }
    }

    /** Starts those that were to run and could not; returns those that do now. */
    List<String> revive(List<String> problems) {
        int level = framework.adapt(FrameworkStartLevel.class).getStartLevel();
        List<Bundle> waiting = Arrays.stream(bundles())
                .filter(bundle -> bundle.getState() == Bundle.INSTALLED || bundle.getState() == Bundle.RESOLVED)
                .filter(bundle -> bundle.adapt(BundleStartLevel.class).isPersistentlyStarted())
                .filter(bundle -> bundle.adapt(BundleStartLevel.class).getStartLevel() <= level)
                .toList();
        List<String> revived = new ArrayList<>();
        if (!waiting.isEmpty()) {
            wiring().resolveBundles(waiting);
        }
        for (Bundle bundle : waiting) {
            if (bundle.getState() == Bundle.RESOLVED) {
                start(bundle).ifPresentOrElse(problems::add, () -> revived.add(bundle.getSymbolicName()));
            }
        }
        return revived;
    }

    /** The symbolic names of all bundles. Bundles made before OSGi 4 have none, and cannot be named here. */
    SortedSet<String> names() {
        return Arrays.stream(bundles()).map(Bundle::getSymbolicName).filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> running() {
        return Arrays.stream(bundles()).filter(Installed::runs).map(Bundle::getSymbolicName).filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The bundles that use services of this one. */
    static Set<String> usersOfServices(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        return services == null ? new TreeSet<>() : names(bundle, Arrays.stream(services).map(ServiceReference::getUsingBundles)
                .filter(users -> users != null).flatMap(Arrays::stream));
    }

    /** The bundles that use packages or services of this one. */
    static Set<String> users(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        Stream<Bundle> wired = wiring == null ? Stream.of()
                : wiring.getProvidedWires(null).stream().map(BundleWire::getRequirer).map(BundleRevision::getBundle);
        Set<String> users = names(bundle, wired);
        users.addAll(usersOfServices(bundle));
        return users;
    }

    private static Set<String> names(Bundle but, Stream<Bundle> bundles) {
        // The framework itself hears of everything, and nobody misses anything there.
        return bundles.filter(bundle -> bundle != but && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .map(Bundle::getSymbolicName).filter(Objects::nonNull).collect(Collectors.toCollection(TreeSet::new));
    }

    private FrameworkWiring wiring() {
        return framework.adapt(FrameworkWiring.class);
    }
}
