package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.intarsia.graph.Encoding;

/**
 * Products of groups of {@value #ROWS} rows of weights with up to {@value #MOST} rows of x, whose columns are rounded to 8 bits.
 *
 * <p><b>Weights</b> of a group are a sequence of blocks, each as large as what the encoding stores for {@value #ROWS} rows, but for
 * 64 bytes more with Q4_K. {@link IntegerDotsCode} describes them, encoding by encoding; a line has 64 bytes, four for each row.
 *
 * <p><b>x</b> is a sequence of blocks of 32 columns. A block: 32 signed bytes of each row, then a scale of each row in F32, then two
 * offsets of each row: what has to be added to the sums of integers of all 32 columns, or of the first and the last 16 columns
 * (Q6_K), since weights are stored as unsigned bytes; with Q4_K, scale · Σ columns in F32, by which minima are multiplied.
 *
 * <p>Safe for use by several threads. Closing it frees the code; nobody may be in a call then.
 */
public final class IntegerDots implements AutoCloseable {
    /** Rows of weights of a group. */
    public static final int ROWS = 16;
    /** The most rows of x. */
    public static final int MOST = 8;
    /** Bytes of 32 columns of one row of x. */
    public static final int BLOCK_X = 32 + 3 * 4;
    private static final List<Encoding> ENCODINGS = List.of(Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K);

    private final ExecutableMemory memory;
    private final Map<Encoding, MethodHandle[]> functions = new EnumMap<>(Encoding.class);

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    IntegerDots() {
        List<byte[]> written = new ArrayList<>();
        for (Encoding encoding : ENCODINGS) {
            for (int rows = 1; rows <= MOST; rows++) {
                written.add(IntegerDotsCode.of(encoding, rows));
            }
        }
        memory = new ExecutableMemory(written);
        int next = 0;
        for (Encoding encoding : ENCODINGS) {
            MethodHandle[] byRows = new MethodHandle[MOST];
            for (int rows = 1; rows <= MOST; rows++) {
                byRows[rows - 1] = memory.function(next++, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
            }
            functions.put(encoding, byRows);
        }
    }

    /** Tells whether there is code for an encoding. */
    public static boolean reads(Encoding encoding) {
        return ENCODINGS.contains(encoding);
    }

    /** Columns of a block of weights. */
    public static int blockColumns(Encoding encoding) {
        return encoding.blockElements();
    }

    /** Bytes of a block of weights. */
    public static int blockBytes(Encoding encoding) {
        return ROWS * (int) encoding.bytes(encoding.blockElements()) + (encoding == Encoding.Q4_K ? 64 : 0);
    }

    /**
     * Multiplies. Takes microseconds for a few thousand weights; a garbage collection waits for it.
     *
     * @param rows    of x, 1 to {@value #MOST}
     * @param weights the address of the first group
     * @param x       the address of the first block
     * @param blocks  of weights in each group, at least 1
     * @param groups  at least 1
     * @param y       the address of the result: {@value #ROWS} · {@code groups} numbers for each row, in F32
     * @param row     bytes from one row of the result to the next
     */
    public void multiply(Encoding encoding, int rows, long weights, long x, long blocks, long groups, long y, long row) {
        try {
            functions.get(encoding)[rows - 1].invokeExact(weights, x, blocks, groups, y, row);
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
