package org.intarsia.backend.cpu.code;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.intarsia.backend.cpu.kernel.Native;
import org.intarsia.backend.cpu.kernel.StoredBlocks;
import org.intarsia.backend.cpu.vector.VectorRounding;
import org.intarsia.graph.Encoding;

/**
 * Rates of machine code for AVX2 on one thread: how fast weights come from memory, beside a loop that only reads, and how fast they are
 * multiplied when a cache holds them. Reads and products take turns every quarter of a megabyte, so the share of one in the other holds
 * on a machine that others use as well. Not a test: run {@link #main}.
 */
final class CodeBenchmark {
    private static final int INNER = 2048;
    private static final long MEMORY = 192L << 20;
    private static final long CHUNK = 1 << 18;
    private static final int PASSES = 5;
    /** Bytes that code may fetch behind the last weights. */
    private static final long BEHIND = 1 << 16;

    private final Arena arena = Arena.ofAuto();
    private final Random random = new Random(1);
    private final ExecutableMemory readCode = new ExecutableMemory(List.of(readLoop()));
    private final MethodHandle read = ExecutableMemory.caller(JAVA_LONG, JAVA_LONG).bindTo(readCode.function(0));

    private CodeBenchmark() {
    }

    /** Multiplies some rows of x with a chunk of weights. */
    private interface Product {
        void run(long weights, long chunk);
    }

    public static void main(String[] arguments) {
        CodeBenchmark benchmark = new CodeBenchmark();
        for (Encoding encoding : List.of(Encoding.F32, Encoding.BF16, Encoding.F16)) {
            benchmark.stored(encoding);
        }
        for (Encoding encoding : List.of(Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K, Encoding.Q5_K, Encoding.Q6_K)) {
            benchmark.integers(encoding);
        }
        benchmark.readCode.close();
    }

    private void stored(Encoding encoding) {
        long row = encoding.bytes(INNER);
        MemorySegment weights = arena.allocate(MEMORY + BEHIND, 64);
        MemorySegment x = floats(StoredDots.MOST * INNER);
        MemorySegment y = arena.allocate(4 * StoredDots.MOST * (CHUNK / row), 64);
        try (StoredDots code = new StoredDots(InstructionSet.AVX2, encoding)) {
            for (int rows = 1; rows <= StoredDots.MOST; rows++) {
                int height = rows;
                measure(encoding, rows, weights, 1, CHUNK / row * row, (from, chunk) -> code.multiply(false, height, from, x.address(),
                        INNER / StoredDots.COLUMNS, chunk / row / StoredDots.WEIGHTS, y.address(), 4 * (CHUNK / row)));
            }
        }
    }

    private void integers(Encoding encoding) {
        long blocks = INNER / IntegerDots.blockColumns(encoding);
        long group = blocks * IntegerDots.blockBytes(encoding);
        long stored = IntegerDots.ROWS * encoding.bytes(INNER);
        MemorySegment weights = arena.allocate(MEMORY + BEHIND, 64);
        MemorySegment blocksOfWeights = weights.asSlice(0, MEMORY / encoding.blockBytes() * encoding.blockBytes());
        StoredBlocks.write(encoding, blocksOfWeights, random);
        MemorySegment y = arena.allocate(4L * IntegerDots.MOST * IntegerDots.ROWS * (CHUNK / group), 64);
        try (IntegerDots code = new IntegerDots(InstructionSet.AVX2, encoding)) {
            for (int rows : new int[] {1, 2, 4, 8}) {
                MemorySegment x = arena.allocate((long) rows * INNER / 32 * IntegerDots.BLOCK_X + BEHIND, 64);
                VectorRounding.round(encoding, floats(rows * INNER).address(), rows, INNER, x.address());
                measure(encoding, rows, weights, (double) stored / group, CHUNK / group * group, (from, chunk) -> code.multiply(rows, from,
                        x.address(), blocks, chunk / group, y.address(), 4L * IntegerDots.ROWS * (CHUNK / group)));
            }
        }
    }

    private MemorySegment floats(int count) {
        return arena.allocate(4L * count, 64).copyFrom(MemorySegment.ofArray(Native.gaussian(count, count)));
    }

    /** @param stored bytes of weights as they are stored, for each byte that is read */
    private void measure(Encoding encoding, int rows, MemorySegment weights, double stored, long chunk, Product product) {
        int count = (int) (MEMORY / chunk);
        double[] products = new double[PASSES * count];
        double[] reads = new double[PASSES * count];
        double[] cached = new double[PASSES * count];
        for (int i = 0; i < products.length; i++) {
            long from = weights.address() + i % count * chunk;
            // Half of the memory lies between, so nothing is read that a cache holds.
            long other = weights.address() + (i + count / 2) % count * chunk;
            long begun = System.nanoTime();
            read(other, chunk);
            long between = System.nanoTime();
            product.run(from, chunk);
            long then = System.nanoTime();
            product.run(from, chunk);
            reads[i] = chunk / (double) (between - begun);
            products[i] = chunk / (double) (then - between);
            cached[i] = chunk / (double) (System.nanoTime() - then);
        }
        double operations = 2.0 * rows * INNER / encoding.bytes(INNER);
        System.out.printf(Locale.ROOT, "%-4s %d rows: %4.1f GB/s, %3.0f %% of reading; %4.0f GFLOP/s from a cache%n", encoding, rows,
                stored * quick(products), 100 * stored * quick(products) / quick(reads), operations * stored * quick(cached));
    }

    /** The third quartile of all rates: medians hold the pauses that others cause. */
    private static double quick(double[] rates) {
        Arrays.sort(rates);
        return rates[rates.length * 3 / 4];
    }

    private void read(long from, long bytes) {
        try {
            read.invokeExact(from, bytes / 256);
        } catch (Throwable e) {
            throw ExecutableMemory.unchecked(e);
        }
    }

    /** Arguments: where to read, and how many times 256 bytes. Prefetches as products do. */
    private static byte[] readLoop() {
        Avx2Assembler code = new Avx2Assembler();
        int next = code.here();
        for (int line = 0; line < 4; line++) {
            code.prefetch(7, 4096 + 64 * line);
            code.vpxor(line, line, 7, 64 * line);
            code.vpxor(4 + line, 4 + line, 7, 64 * line + 32);
        }
        code.add(7, 256);
        code.loop(6, next);
        code.vzeroupper();
        code.ret();
        return code.bytes();
    }
}
