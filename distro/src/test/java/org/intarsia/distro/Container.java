package org.intarsia.distro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** A framework in this process that the launcher did not start, with some bundles of the box. It keeps them in its storage. */
final class Container implements AutoCloseable {
    private static final Path BOX = Path.of("target/intarsia/bundles");
    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(30);

    private final Framework framework;

    /** @param names how the file names of the bundles begin; in the order in which they start */
    Container(Path storage, Map<String, String> properties, String... names) throws IOException, BundleException {
        Map<String, String> configuration = new HashMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        configuration.put("felix.cache.locking", "false");
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(configuration);
        framework.init();
        List<Bundle> bundles = new ArrayList<>();
        for (String name : names) {
            try (Stream<Path> files = Files.list(BOX)) {
                for (Path file : files.filter(jar -> jar.getFileName().toString().startsWith(name)).sorted().toList()) {
                    bundles.add(framework.getBundleContext().installBundle("reference:" + file.toAbsolutePath().toUri()));
                }
            }
        }
        framework.start();
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
    }

    /** The bundles of that symbolic name. */
    List<Bundle> named(String symbolicName) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName())).toList();
    }

    /** Calls a method of a service, whose type this class path does not share. */
    Object call(String type, String method, Object argument, Class<?> argumentType)
            throws ReflectiveOperationException, InvalidSyntaxException {
        ServiceReference<?>[] references = framework.getBundleContext().getAllServiceReferences(type, null);
        if (references == null) {
            throw new AssertionError("there is no service " + type);
        }
        ServiceReference<?> reference = references[0];
        return reference.getBundle().loadClass(type).getMethod(method, argumentType)
                .invoke(framework.getBundleContext().getService(reference), argument);
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
