package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of strips of rows with panels of columns, both rounded to BF16, by the instruction VDPBF16PS: sums are in F32, and numbers
 * too small for a normal one count as 0. A step of the inner dimension is a pair of neighbours in both operands. Safe for use by several
 * threads. Closing it frees the code; nobody may be in a call then.
 */
public final class Bf16Tiles implements Tiles, AutoCloseable {
    /** The most rows of a strip. */
    public static final int ROWS = TilesCode.MOST_ROWS;
    /** The most vectors of a panel. */
    public static final int VECTORS = 4;
    /** Columns of a vector. */
    public static final int LANES = 16;

    private static final MethodHandle CALLER =
            ExecutableMemory.caller(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final ExecutableMemory memory;

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    Bf16Tiles() {
        List<byte[]> code = new ArrayList<>();
        for (int vectors = 1; vectors <= VECTORS; vectors++) {
            for (int rows = 1; rows <= ROWS; rows++) {
                code.add(Bf16TilesCode.of(rows, vectors, false));
                code.add(Bf16TilesCode.of(rows, vectors, true));
            }
        }
        memory = new ExecutableMemory(code);
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void multiply(boolean accumulate, int rows, int vectors, long a, long aRow, long aStep, long depth, long b, long c, long cRow) {
        for (int row = 0; row < rows; row += ROWS) {
            int strip = Math.min(ROWS, rows - row);
            try {
                CALLER.invokeExact(memory.function(((vectors - 1) * ROWS + strip - 1) * 2 + (accumulate ? 1 : 0)),
                        a + row * aRow, aRow, aStep, depth, b, c + row * cRow, cRow);
            } catch (Throwable e) {
                throw ExecutableMemory.unchecked(e);
            }
        }
    }

    /** Frees the code. */
    @Override
    public void close() {
        memory.close();
    }
}
