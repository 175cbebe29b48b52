package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Functions of {@link RowDotsCode} by the number of rows of x, for weights from memory and for weights from a cache. */
final class RowFunctions implements AutoCloseable {
    private static final MethodHandle CALLER =
            ExecutableMemory.caller(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    /** For weights from memory, then for weights from a cache. */
    private final ExecutableMemory memory;
    private final int most;

    /**
     * Makes the code.
     *
     * @param most       rows of x
     * @param fromMemory writes code by the number of rows, for weights from memory
     * @param fromCache  the same for weights from a cache
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    RowFunctions(int most, IntFunction<byte[]> fromMemory, IntFunction<byte[]> fromCache) {
        this.most = most;
        memory = new ExecutableMemory(Stream.of(fromMemory, fromCache)
                .flatMap(code -> IntStream.rangeClosed(1, most).mapToObj(code)).toList());
    }

    void multiply(boolean cached, int rows, long weights, long x, long steps, long quads, long y, long row) {
        try {
            CALLER.invokeExact(memory.function((cached ? most : 0) + rows - 1), weights, x, steps, quads, y, row);
        } catch (Throwable e) {
            throw ExecutableMemory.unchecked(e);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
