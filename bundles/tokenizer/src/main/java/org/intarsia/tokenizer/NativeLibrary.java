package org.intarsia.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.intarsia.model.api.ModelException;

/**
 * Loads the native library, once for each class loader. In a framework the bundle brings it and the framework finds it;
 * on a plain class path, as in tests, it is unpacked from there.
 */
final class NativeLibrary {
    private static final String NAME = "tokenizers";

    /** What the library needs on Windows, in the order in which it must be loaded. */
    private static final List<String> WINDOWS = List.of("libwinpthread-1", "libgcc_s_seh-1", "libstdc++-6", NAME);

    private static boolean loaded;

    private NativeLibrary() {
    }

    /** Loads it if that has not been done; a failure is reported at each call, since the next one may go better. */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        boolean windows = os().equals("win");
        for (String library : windows ? WINDOWS : List.of(NAME)) {
            load(library);
        }
        loaded = true;
    }

    private static void load(String library) {
        try {
            System.loadLibrary(library);
        } catch (UnsatisfiedLinkError notInFramework) {
            String resource = "/native/lib/" + os() + "-" + architecture() + "/cpu/" + System.mapLibraryName(library);
            try (InputStream content = NativeLibrary.class.getResourceAsStream(resource)) {
                if (content == null) {
                    throw new ModelException("there is no tokenizer library for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + "; install another tokenizer bundle", notInFramework);
                }
                loadUnpacked(content, System.mapLibraryName(library));
            } catch (IOException | UnsatisfiedLinkError e) {
                e.addSuppressed(notInFramework);
                throw new ModelException("the tokenizer library cannot be loaded (" + e.getMessage() + ")", e);
            }
        }
    }

    private static void loadUnpacked(InputStream content, String name) throws IOException {
        Path folder = Files.createTempDirectory("intarsia-tokenizer");
        Path file = folder.resolve(name);
        try {
            Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            System.load(file.toString());
        } finally {
            if (os().equals("win")) {
                // Windows keeps a loaded file until the process ends.
                folder.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
            } else {
                Files.deleteIfExists(file);
                Files.deleteIfExists(folder);
            }
        }
    }

    private static String os() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "win" : name.startsWith("mac") ? "osx" : "linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }
}
