package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import org.intarsia.backend.api.BackendException;

/**
 * Functions in memory that is written first and executed then, never both at a time. Of Linux: mmap, mprotect, munmap. Closing it
 * unmaps the memory; nobody may be in a function then.
 */
final class ExecutableMemory implements AutoCloseable {
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    /** MAP_PRIVATE | MAP_ANONYMOUS. */
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int ALIGNMENT = 64;

    private static final Linker LINKER = Linker.nativeLinker();

    private final MethodHandle unmap;
    private final MemorySegment memory;
    private final List<MemorySegment> functions;

    /**
     * Maps functions.
     *
     * @throws BackendException where the system does not allow it
     */
    ExecutableMemory(List<byte[]> code) {
        long[] starts = new long[code.size()];
        long bytes = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = bytes;
            bytes += Math.ceilDiv(code.get(i).length, ALIGNMENT) * (long) ALIGNMENT;
        }
        unmap = system("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        try {
            MemorySegment mapped = (MemorySegment) system("mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT,
                    JAVA_INT, JAVA_LONG)).invokeExact(MemorySegment.NULL, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            if (mapped.address() == -1) {
                throw new BackendException("the system gives no " + bytes + " bytes of memory for machine code");
            }
            memory = mapped.reinterpret(bytes);
            for (int i = 0; i < starts.length; i++) {
                MemorySegment.copy(code.get(i), 0, memory, JAVA_BYTE, starts[i], code.get(i).length);
            }
            int status = (int) system("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                    .invokeExact(memory, bytes, READ_EXECUTE);
            if (status != 0) {
                close();
                throw new BackendException("the system does not let a process execute what it has written");
            }
        } catch (Throwable e) {
            throw unchecked(e);
        }
        functions = Arrays.stream(starts).mapToObj(memory::asSlice).toList();
    }

    private static MethodHandle system(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    /**
     * Returns what calls functions of one signature; their {@link #function address} comes before the arguments. Functions take integers
     * and pointers by the calling convention of Unix. They have to be short, since the garbage collector waits for them, and must not
     * call back. To make a caller takes milliseconds.
     */
    static MethodHandle caller(ValueLayout... arguments) {
        return LINKER.downcallHandle(FunctionDescriptor.ofVoid((MemoryLayout[]) arguments), Linker.Option.critical(false));
    }

    /** Returns the address of a function. */
    MemorySegment function(int index) {
        return functions.get(index);
    }

    /** Unmaps the functions. */
    @Override
    public void close() {
        try {
            int status = (int) unmap.invokeExact(memory, memory.byteSize());
            if (status != 0) {
                throw new BackendException("the memory of machine code cannot be unmapped");
            }
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** A method handle may throw anything; these throw what the JVM throws. */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException exception ? exception : new IllegalStateException(thrown);
    }
}
