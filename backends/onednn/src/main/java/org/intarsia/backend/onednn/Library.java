package org.intarsia.backend.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.intarsia.backend.api.BackendException;

/**
 * The functions of oneDNN that are used here, in its C interface (dnnl.h, version 3), and of OpenMP, with which its threads are kept
 * to the caller's. Closing it unloads the library; nobody may be in a call then.
 */
final class Library implements AutoCloseable {
    /** The runtime of OpenMP that oneDNN is linked with. */
    private static final String OPENMP = "libgomp.so.1";
    /** The version that the build packs in. */
    static final String VERSION = "3.8.1";
    private static final AddressLayout TOLD = ADDRESS.withTargetLayout(MemoryLayout.structLayout(
            JAVA_INT.withName("major"), JAVA_INT.withName("minor"), JAVA_INT.withName("patch")));

    private final Arena arena = Arena.ofShared();
    private final MethodHandle gemm;
    private final MethodHandle setThreads;
    private final String version;

    /**
     * Loads the library.
     *
     * @throws BackendException where it, or what it needs, cannot be loaded; the message says what to install
     */
    Library(Path file) {
        try {
            SymbolLookup openMp = openMp(arena);
            setThreads = bind(openMp, "omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
            SymbolLookup oneDnn = SymbolLookup.libraryLookup(file, arena);
            gemm = bind(oneDnn, "dnnl_gemm_bf16bf16f32", FunctionDescriptor.of(JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, JAVA_FLOAT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_FLOAT, ADDRESS, JAVA_LONG));
            MemorySegment told = (MemorySegment) bind(oneDnn, "dnnl_version", FunctionDescriptor.of(TOLD)).invokeExact();
            version = told.get(JAVA_INT, 0) + "." + told.get(JAVA_INT, 4) + "." + told.get(JAVA_INT, 8);
        } catch (IllegalArgumentException e) {
            arena.close();
            throw new BackendException("oneDNN cannot be loaded from " + file + ": " + e.getMessage(), e);
        } catch (Throwable e) {
            arena.close();
            throw unchecked(e);
        }
    }

    /**
     * Looks for the runtime of OpenMP.
     *
     * @throws BackendException where it is not installed
     */
    static void checkOpenMp() {
        try (Arena arena = Arena.ofConfined()) {
            openMp(arena);
        }
    }

    private static SymbolLookup openMp(Arena arena) {
        try {
            return SymbolLookup.libraryLookup(OPENMP, arena);
        } catch (IllegalArgumentException e) {
            throw new BackendException("oneDNN needs " + OPENMP + ", the runtime of OpenMP, which is not installed; install it (Debian and"
                    + " Ubuntu: the package libgomp1)", e);
        }
    }

    private static MethodHandle bind(SymbolLookup lookup, String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(lookup.findOrThrow(name), type);
    }

    /** Returns the version of the library, as it says itself. */
    String version() {
        return version;
    }

    /** Computes c = a · bᵀ, all row after row, on the calling thread; see {@code dnnl_gemm_bf16bf16f32}. */
    void multiply(int rows, int columns, int inner, MemorySegment a, MemorySegment b, MemorySegment c, long cRow) {
        int status;
        try {
            // Counts for the calling thread alone.
            setThreads.invokeExact(1);
            status = (int) gemm.invokeExact((byte) 'N', (byte) 'T', (long) rows, (long) columns, (long) inner, 1f, a, (long) inner, b,
                    (long) inner, 0f, c, cRow);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        if (status != 0) {
            throw new BackendException("oneDNN refuses a product of " + rows + " × " + inner + " and " + inner + " × " + columns
                    + " in BF16, with status " + status);
        }
    }

    /** A method handle may throw anything; these throw what the JVM throws. */
    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
    }

    @Override
    public void close() {
        arena.close();
    }
}
