package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.backend.cpu.code.FloatTilesCode.Use;

/**
 * Products of rows with panels of columns in F32, by AVX2 or AVX-512. Every element is one chain of fused multiply-adds along the inner
 * dimension, as {@link org.intarsia.backend.cpu.kernel.TileKernels} computes it, so it has the same bits. Safe for use by several
 * threads. Closing it frees the code; nobody may be in a call then.
 */
public final class FloatTiles implements Tiles, AutoCloseable {
    private static final MethodHandle CALLER =
            ExecutableMemory.caller(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final int ROWS = TilesCode.MOST_ROWS;
    private static final int USES = Use.values().length;

    private final InstructionSet instructions;
    private final ExecutableMemory memory;

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @param instructions {@link InstructionSet#AVX2} or {@link InstructionSet#AVX512}
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    FloatTiles(InstructionSet instructions) {
        this.instructions = instructions;
        List<byte[]> code = new ArrayList<>();
        for (int vectors = 1; vectors <= vectors(instructions); vectors++) {
            for (int rows = 1; rows <= ROWS; rows++) {
                for (Use use : Use.values()) {
                    code.add(FloatTilesCode.of(instructions, rows, vectors, use));
                }
            }
        }
        memory = new ExecutableMemory(code);
    }

    /** The most vectors of a panel: with the sums of six rows they fill 16 registers, or 32. */
    static int vectors(InstructionSet instructions) {
        return instructions == InstructionSet.AVX2 ? 2 : 4;
    }

    @Override
    public int lanes() {
        return instructions.lanes();
    }

    /** Returns the most vectors of a panel. */
    public int vectors() {
        return vectors(instructions);
    }

    @Override
    public void multiply(boolean accumulate, int rows, int vectors, long a, long aRow, long aStep, long depth, long b, long c, long cRow) {
        multiply(accumulate ? Use.ADDED : Use.NONE, rows, vectors, a, aRow, aStep, depth, b, c, cRow);
    }

    /** Goes on with a product whose inner dimension has several pieces: the same bits as all of it at once. */
    public void goOn(int rows, int vectors, long a, long aRow, long aStep, long depth, long b, long c, long cRow) {
        multiply(Use.CONTINUED, rows, vectors, a, aRow, aStep, depth, b, c, cRow);
    }

    private void multiply(Use use, int rows, int vectors, long a, long aRow, long aStep, long depth, long b, long c, long cRow) {
        int strips = rows / ROWS;
        int rest = rows % ROWS;
        if (strips > 0) {
            call(use, ROWS, vectors, a, aRow, aStep, depth, b, c, cRow, strips);
        }
        if (rest > 0) {
            long done = (long) strips * ROWS;
            call(use, rest, vectors, a + done * aRow, aRow, aStep, depth, b, c + done * cRow, cRow, 1);
        }
    }

    private void call(Use use, int rows, int vectors, long a, long aRow, long aStep, long depth, long b, long c, long cRow, long strips) {
        try {
            CALLER.invokeExact(memory.function(((vectors - 1) * ROWS + rows - 1) * USES + use.ordinal()), a, aRow, aStep, depth, b, c, cRow,
                    strips);
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
