package org.intarsia.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.intarsia.model.api.ModelException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The models in installed bundles. A bundle holds a model directory under {@code model/} and says so with a capability
 * {@code org.intarsia.model; name=…}; it is there while it is started. Safe for use by several threads.
 */
final class ModelBundles {
    private static final String CAPABILITY = "org.intarsia.model";
    private static final String FOLDER = "model";
    private static final String DIRECTORY_LOCATION = "reference:file:";
    /** Written last, so an unpacked model is whole where this is. */
    private static final String COMPLETE = ".complete";

    private final BundleContext context;

    ModelBundles(BundleContext context) {
        this.context = context;
    }

    /** The bundles by the names of their models. Of two with one name the older one counts. */
    Map<String, Bundle> byName() {
        Map<String, Bundle> models = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision != null && (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0) {
                for (BundleCapability capability : revision.getDeclaredCapabilities(CAPABILITY)) {
                    models.putIfAbsent(String.valueOf(capability.getAttributes().get("name")), bundle);
                }
            }
        }
        return models;
    }

    /**
     * The model directory of a bundle: where it was installed from, when that is a directory; else a copy in the
     * framework's storage, made once for each version of the bundle, since a file inside a jar cannot be mapped.
     */
    Path directory(Bundle bundle) {
        Path unpacked = installedDirectory(bundle);
        if (unpacked != null) {
            return unpacked;
        }
        Path copy = context.getDataFile("models/" + bundle.getBundleId() + "-" + bundle.getLastModified()).toPath();
        try {
            synchronized (this) {
                if (!isComplete(bundle, copy)) {
                    unpack(bundle, copy);
                }
            }
            return copy;
        } catch (IOException e) {
            throw new ModelException("the model in bundle " + bundle.getSymbolicName() + " cannot be unpacked to " + copy
                    + " (" + e.getMessage() + "): make room there", e);
        }
    }

    /** How many bytes the files of a model take. */
    long bytes(Bundle bundle) {
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

    private static Path installedDirectory(Bundle bundle) {
        if (!bundle.getLocation().startsWith(DIRECTORY_LOCATION)) {
            return null;
        }
        Path folder = Path.of(URI.create(bundle.getLocation().substring("reference:".length()))).resolve(FOLDER);
        return Files.isDirectory(folder) ? folder : null;
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

    private static void unpack(Bundle bundle, Path copy) throws IOException {
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
