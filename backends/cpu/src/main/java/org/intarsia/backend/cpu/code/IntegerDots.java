package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.stream.IntStream;
import org.intarsia.graph.Encoding;

/**
 * Products of groups of {@value #ROWS} rows of weights with up to {@value #MOST} rows of x, whose columns are rounded to 8 bits, for
 * one encoding of weights.
 *
 * <p><b>Weights</b> of a group are a sequence of blocks, each as large as what the encoding stores for {@value #ROWS} rows, but for
 * 64 bytes more with Q4_K and Q5_K. {@link IntegerDots256Code} describes them, encoding by encoding; a line has 64 bytes, four for
 * each row.
 *
 * <p><b>x</b> is a sequence of blocks of 32 columns. A block: 32 signed bytes of each row, −127 to 127, then a scale of each row in
 * F32, then two offsets of each row. They are what has to be added to the sums of integers of all 32 columns (Q8_0, Q4_0, Q5_0), or of
 * the first and the last 16 columns (Q6_K), since weights are stored as unsigned bytes; where weights have minima (Q4_1, Q5_1, Q4_K,
 * Q5_K), scale · Σ columns in F32, by which minima are multiplied.
 *
 * <p><b>Results</b> have the same bits with any instructions: for each block of columns that share a scale, in their order,
 * {@code sum = fma(float(integers), weightScale · xScale, sum)}, and with minima then {@code sum = fma(minimum, offset, sum)}, where
 * the minima of Q4_K and Q5_K are negated.
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

    private static final MethodHandle CALLER =
            ExecutableMemory.caller(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    /** A function for each number of rows. */
    private final ExecutableMemory memory;

    /**
     * Makes the code, for a {@link Processor} that has what it needs.
     *
     * @param encoding one for which there is {@link #instructions code}
     * @throws org.intarsia.backend.api.BackendException where the system does not let it run
     */
    IntegerDots(InstructionSet instructions, Encoding encoding) {
        memory = new ExecutableMemory(IntStream.rangeClosed(1, MOST).mapToObj(rows -> instructions == InstructionSet.AVX2
                ? IntegerDots256Code.of(encoding, rows) : IntegerDots512Code.of(encoding, rows)).toList());
    }

    /** The instructions with which there is code for an encoding, the fastest last. */
    static List<InstructionSet> instructions(Encoding encoding) {
        return switch (encoding) {
            case Q8_0, Q4_0, Q4_K, Q6_K -> List.of(InstructionSet.AVX2, InstructionSet.AVX512);
            case Q4_1, Q5_0, Q5_1, Q5_K -> List.of(InstructionSet.AVX2);
            default -> List.of();
        };
    }

    /** Columns of a block of weights. */
    public static int blockColumns(Encoding encoding) {
        return encoding.blockElements();
    }

    /** Bytes of a block of weights. */
    public static int blockBytes(Encoding encoding) {
        return ROWS * (int) encoding.bytes(encoding.blockElements()) + (encoding == Encoding.Q4_K || encoding == Encoding.Q5_K ? 64 : 0);
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
    public void multiply(int rows, long weights, long x, long blocks, long groups, long y, long row) {
        try {
            CALLER.invokeExact(memory.function(rows - 1), weights, x, blocks, groups, y, row);
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
