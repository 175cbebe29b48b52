package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Products of rows of weights in BF16, as they are stored, with up to {@value #MOST} rows of x in BF16, by the instruction VDPBF16PS:
 * sums are in F32, and numbers too small for a normal one count as 0. Safe for use by several threads. Closing it frees the code;
 * nobody may be in a call then.
 */
public final class Bf16Dots implements AutoCloseable {
    /** Rows of weights that are multiplied together. */
    public static final int WEIGHTS = 4;
    /** The most rows of x. */
    public static final int MOST = 4;
    /** Rows have a multiple of so many columns. */
    public static final int COLUMNS = 32;

    private final ExecutableMemory memory;
    /** For each number of rows: those for weights from memory, then those for weights from a cache. */
    private final List<MethodHandle> functions = new ArrayList<>();

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    Bf16Dots() {
        memory = new ExecutableMemory(IntStream.range(0, 2 * MOST).mapToObj(i -> Bf16DotsCode.of(i % MOST + 1, i < MOST)).toList());
        for (int i = 0; i < 2 * MOST; i++) {
            functions.add(memory.function(i, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        }
    }

    /**
     * Multiplies. Takes microseconds for a few thousand weights; a garbage collection waits for it.
     *
     * @param cached  whether the weights were read a moment ago
     * @param rows    of x, 1 to {@value #MOST}
     * @param weights the address of the first row
     * @param x       the address of the first row
     * @param steps   {@value #COLUMNS} columns each, at least 1
     * @param quads   {@value #WEIGHTS} rows of weights each, at least 1
     * @param y       the address of the result: {@value #WEIGHTS} · {@code quads} numbers for each row, in F32
     * @param row     bytes from one row of the result to the next
     */
    public void multiply(boolean cached, int rows, long weights, long x, long steps, long quads, long y, long row) {
        try {
            functions.get((cached ? MOST : 0) + rows - 1).invokeExact(weights, x, steps, quads, y, row);
        } catch (Throwable e) {
            throw ExecutableMemory.unchecked(e);
        }
    }

    /** Frees the code. */
    @Override
    public void close() {
        memory.close();
    }
}
