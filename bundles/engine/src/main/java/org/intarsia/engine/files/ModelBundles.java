package org.intarsia.engine.files;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.intarsia.model.api.ModelException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in installed bundles. A bundle holds a model directory under {@code model/} and says so with a capability
 * {@code org.intarsia.model; name=…}; it is there while it is started. Safe for use by several threads.
 */
public final class ModelBundles implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ModelBundles.class);
    private static final String CAPABILITY = "org.intarsia.model";
    private static final String FOLDER = "model";
    private static final String DIRECTORY_LOCATION = "reference:file:";
    private static final String COPIES = "models";
    /** Written last, so an unpacked model is whole where this is. */
    private static final String COMPLETE = ".complete";

    private final BundleContext context;
    private final BundleListener listener;
    /** The symbolic names of bundles that have stopped while this was open, by the names of their models. */
    private final Map<String, String> stopped = new ConcurrentHashMap<>();

    /**
     * Begins to listen for bundles that start and stop.
     *
     * @param started is told when a bundle has started, until this is closed
     */
    public ModelBundles(BundleContext context, Runnable started) {
        this.context = context;
        this.listener = event -> {
            switch (event.getType()) {
                case BundleEvent.STARTED -> started.run();
                case BundleEvent.STOPPED -> names(event.getBundle())
                        .forEach(name -> stopped.put(name, event.getBundle().getSymbolicName()));
                default -> { }
            }
        };
        context.addBundleListener(listener);
    }

    @Override
    public void close() {
        context.removeBundleListener(listener);
    }

    /** Returns the bundles by the names of their models. Of two with one name the higher version counts. */
    public Map<String, Bundle> byName() {
        Map<String, Bundle> models = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0) {
                names(bundle).forEach(name -> models.merge(name, bundle,
                        (one, other) -> other.getVersion().compareTo(one.getVersion()) > 0 ? other : one));
            }
        }
        return models;
    }

    private static List<String> names(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(CAPABILITY).stream()
                .map(capability -> String.valueOf(capability.getAttributes().get("name"))).toList();
    }

    /**
     * Returns the symbolic name of the bundle that holds a model which {@link #byName} does not have: a bundle that is
     * installed but not started, or one that has stopped and was uninstalled since.
     */
    public Optional<String> stopped(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> names(bundle).contains(name)).map(Bundle::getSymbolicName)
                .findFirst().or(() -> Optional.ofNullable(stopped.get(name)));
    }

    /** A model in a bundle, and its {@linkplain #directory directory}. */
    public record Found(Bundle bundle, Path directory) {
    }

    /** Returns the model of this name. A bundle that is updated or leaves while it is unpacked is looked for again. */
    public Optional<Found> find(String name) {
        while (true) {
            Bundle bundle = byName().get(name);
            if (bundle == null) {
                return Optional.empty();
            }
            long version = bundle.getLastModified();
            try {
                return Optional.of(new Found(bundle, directory(bundle)));
            } catch (ModelException | IllegalStateException e) {
                // "Inflater has been closed" is an IllegalStateException; so is the answer of a bundle that was uninstalled.
                if (bundle.equals(byName().get(name)) && bundle.getLastModified() == version) {
                    throw e;
                }
                LOGGER.debug("model {} has changed while it was unpacked: {}", name, e.toString());
            }
        }
    }

    /**
     * The model directory of a bundle: where it was installed from, when that is a directory; else a copy in the
     * framework's storage, made once for each version of the bundle, since a file inside a jar cannot be mapped.
     */
    private Path directory(Bundle bundle) {
        Path directory = place(bundle);
        if (installedDirectory(bundle).isPresent()) {
            return directory;
        }
        try {
            synchronized (this) {
                if (!isComplete(bundle, directory)) {
                    unpack(bundle, directory);
                }
            }
            return directory;
        } catch (IOException e) {
            throw new ModelException("the model in bundle " + bundle.getSymbolicName() + " cannot be unpacked to " + directory
                    + " (" + e.getMessage() + "): make room there", e);
        }
    }

    /** Returns the size of a model's files in bytes. */
    public long bytes(Bundle bundle) {
        try {
            long bytes = 0;
            for (URL entry : entries(bundle)) {
                bytes += entry.openConnection().getContentLengthLong();
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(bundle, e);
        }
    }

    /** Removes the copies of models that are neither installed any more, in that version, nor in use. */
    public void sweep(Set<Path> inUse) {
        Path copies = context.getDataFile(COPIES).toPath();
        Set<Path> kept = new HashSet<>(inUse);
        byName().values().forEach(bundle -> kept.add(place(bundle)));
        try {
            synchronized (this) {
                if (Files.isDirectory(copies)) {
                    for (Path copy : list(copies)) {
                        if (!kept.contains(copy)) {
                            remove(copy);
                        }
                    }
                }
            }
        } catch (IOException e) {
            LOGGER.warn("copies of models that nobody uses any more cannot be removed from {}: {}", copies, e.toString());
        }
    }

    private static void remove(Path copy) throws IOException {
        // First what says that it is whole.
        Files.deleteIfExists(copy.resolve(COMPLETE));
        for (Path file : list(copy)) {
            Files.delete(file);
        }
        Files.delete(copy);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Returns the path at which {@link #directory} has the model of a bundle, or will have it. */
    public Path place(Bundle bundle) {
        return installedDirectory(bundle).orElseGet(() -> context
                .getDataFile(COPIES + "/" + bundle.getBundleId() + "-" + bundle.getLastModified()).toPath());
    }

    private static Optional<Path> installedDirectory(Bundle bundle) {
        if (!bundle.getLocation().startsWith(DIRECTORY_LOCATION)) {
            return Optional.empty();
        }
        Path folder = Path.of(URI.create(bundle.getLocation().substring("reference:".length()))).resolve(FOLDER);
        return Optional.of(folder).filter(Files::isDirectory);
    }

    private static boolean isComplete(Bundle bundle, Path copy) throws IOException {
        if (!Files.exists(copy.resolve(COMPLETE))) {
            return false;
        }
        for (URL entry : entries(bundle)) {
            Path file = copy.resolve(name(entry));
            if (!Files.exists(file) || Files.size(file) != entry.openConnection().getContentLengthLong()) {
                return false;
            }
        }
        return true;
    }

    private void unpack(Bundle bundle, Path copy) throws IOException {
        Files.createDirectories(copy);
        Files.deleteIfExists(copy.resolve(COMPLETE));
        for (URL entry : entries(bundle)) {
            Path file = copy.resolve(name(entry));
            // What stands there may be mapped by somebody: a new file takes its place, the old one is not touched.
            Files.deleteIfExists(file);
            try (InputStream in = entry.openStream()) {
                Files.copy(in, file);
            }
        }
        if (!place(bundle).equals(copy)) {
            throw new IOException("it was updated meanwhile");
        }
        Files.createFile(copy.resolve(COMPLETE));
    }

    private static List<URL> entries(Bundle bundle) {
        List<URL> files = new ArrayList<>();
        var found = bundle.findEntries(FOLDER, "*", false);
        if (found == null) {
            throw new ModelException("bundle " + bundle.getSymbolicName() + " announces a model but holds no folder "
                    + FOLDER + "/");
        }
        Collections.list(found).stream().filter(entry -> !entry.getPath().endsWith("/")).forEach(files::add);
        return files;
    }

    private static String name(URL entry) {
        return entry.getPath().substring(entry.getPath().lastIndexOf('/') + 1);
    }

    private static ModelException unreadable(Bundle bundle, IOException e) {
        return new ModelException("bundle " + bundle.getSymbolicName() + " cannot be read (" + e.getMessage() + ")", e);
    }
}
