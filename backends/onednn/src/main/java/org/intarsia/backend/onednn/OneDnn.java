package org.intarsia.backend.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.HostProducts;

/**
 * Products by oneDNN. Its library, of 90 MB, is written into a folder and loaded by the first product: most commands need none. Safe
 * for use by several threads.
 */
final class OneDnn implements HostProducts, AutoCloseable {
    private static final String FILE = "libdnnl.so.3";

    private final URL packed;
    private final Path folder;
    private volatile Library library;
    private boolean closed;

    /**
     * Looks whether oneDNN can be had, without loading it.
     *
     * @param folder takes the library's file
     * @throws BackendException where there is none for this platform, or what it needs is not installed
     */
    OneDnn(Path folder) {
        this.folder = folder;
        String platform = platform();
        this.packed = OneDnn.class.getResource("/org/bytedeco/dnnl/" + platform + "/" + FILE);
        if (packed == null) {
            throw new BackendException("the bundle org.intarsia.backend.onednn has oneDNN for linux-x86_64, not for " + platform
                    + "; use one that has it");
        }
        Library.checkOpenMp();
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").replace("amd64", "x86_64");
        return (system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "macosx" : system) + "-" + processor;
    }

    @Override
    public String library() {
        return "oneDNN " + Library.VERSION;
    }

    @Override
    public void bf16(int rows, int columns, int inner, MemorySegment a, MemorySegment b, MemorySegment c, long cRow) {
        if (rows < 1 || columns < 1 || inner < 1 || cRow < columns || a.byteSize() < 2L * rows * inner
                || b.byteSize() < 2L * columns * inner || c.byteSize() < 4 * (cRow * (rows - 1) + columns)) {
            throw new BackendException("a product of " + rows + " × " + inner + " and " + inner + " × " + columns
                    + " does not fit the memory that was given for it: " + a.byteSize() + ", " + b.byteSize() + " and " + c.byteSize()
                    + " bytes with " + cRow + " elements to a row");
        }
        Library loaded = library;
        (loaded == null ? load() : loaded).multiply(rows, columns, inner, a, b, c, cRow);
    }

    private synchronized Library load() {
        if (closed) {
            throw new BackendException("oneDNN was unloaded already, with its bundle");
        }
        if (library == null) {
            Path file = folder.resolve(FILE);
            try (InputStream content = packed.openStream()) {
                Files.createDirectories(folder);
                Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new BackendException("oneDNN cannot be written to " + file + ": " + e.getMessage()
                        + "; make room there, or uninstall org.intarsia.backend.onednn", e);
            }
            library = new Library(file);
        }
        return library;
    }

    /** Unloads the library; nobody may be in a call. */
    @Override
    public synchronized void close() {
        closed = true;
        if (library != null) {
            library.close();
        }
    }
}
