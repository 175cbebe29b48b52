package org.intarsia.backend.cpu.product;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.intarsia.backend.cpu.code.FloatTiles;
import org.intarsia.backend.cpu.code.MachineCode;
import org.intarsia.backend.cpu.code.StoredDots;
import org.intarsia.backend.cpu.code.TileCode;
import org.intarsia.backend.cpu.host.Memory;
import org.intarsia.backend.cpu.host.ThreadTeam;
import org.intarsia.backend.cpu.kernel.LimitProbe;
import org.intarsia.backend.cpu.kernel.StoredBlocks;
import org.intarsia.backend.cpu.vector.Kernels;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.op.Conv2d.Window;

/**
 * Rates of products and convolutions beside the multiply-add peak of this machine, measured in the same run. Not a test:
 * run {@link #main}. Times are the best of several, since machines are shared.
 */
final class Benchmark {
    private static final int ROUNDS = 15;
    private static final Kernels KERNELS = Kernels.best();
    private static final MachineCode CODE = new MachineCode();
    private static final List<Encoding> DOTS = List.of(Encoding.F32, Encoding.BF16, Encoding.Q8_0, Encoding.Q4_K, Encoding.Q6_K,
            Encoding.Q5_K, Encoding.Q3_K);
    private static final Arena ARENA = Arena.ofAuto();

    private Benchmark() {
    }

    /** The number of threads may be given; else one, then all. */
    public static void main(String[] arguments) {
        int[] counts = arguments.length > 0 ? new int[] {Integer.parseInt(arguments[0])}
                : new int[] {1, Runtime.getRuntime().availableProcessors()};
        for (int threads : counts) {
            try (ThreadTeam team = new ThreadTeam(threads)) {
                double peak = LimitProbe.floatOperations(KERNELS.peak(), team) / 1e9;
                System.out.printf(Locale.ROOT, "%d threads, peak %.1f GFLOP/s%n", threads, peak);
                product(team, peak, 1, 1024, 1024, 1024, false, false);
                product(team, peak, 1, 1024, 1024, 1024, false, true);
                product(team, peak, 1, 3000, 512, 192, false, true);
                product(team, peak, 1, 3000, 192, 512, false, false);
                product(team, peak, 1, 512, 192, 3000, true, false);
                product(team, peak, 128, 100, 100, 32, false, true);
                product(team, peak, 128, 100, 32, 100, false, false);
                product(team, peak, 128, 100, 32, 100, true, false);
                for (Encoding encoding : DOTS) {
                    for (int rows : new int[] {1, 3, 8, 32, 512}) {
                        dots(team, peak, encoding, rows, rows > 8 ? 1024 : 8192, 1024);
                    }
                }
                convolution(team, peak, 8, 32, 64, 32);
                convolution(team, peak, 8, 64, 32, 64);
                convolution(team, peak, 8, 128, 16, 128);
                convolution(team, peak, 1, 128, 128, 128);
            }
        }
    }

    /** The Vector API alone, then the machine code that a plan would use, where there is some. */
    private static List<TileCode> codes() {
        Optional<FloatTiles> exact = CODE.floatTiles(KERNELS.tiles().lanes());
        return exact.isPresent() ? List.of(TileCode.NONE, new TileCode(exact, Optional.empty())) : List.of(TileCode.NONE);
    }

    /** Tells the rates of each way to do the same, by turns: the best of some rounds of about a tenth of a second. */
    private static String rates(long operations, double peak, List<Runnable> ways) {
        int repeats = (int) Math.max(1, 200_000_000 / operations);
        double[] best = new double[ways.size()];
        for (int round = 0; round < ROUNDS; round++) {
            for (int way = 0; way < best.length; way++) {
                long start = System.nanoTime();
                for (int i = 0; i < repeats; i++) {
                    ways.get(way).run();
                }
                best[way] = Math.max(best[way], (double) operations * repeats / (System.nanoTime() - start));
            }
        }
        String vectors = String.format(Locale.ROOT, "vectors %.1f GFLOP/s, %.0f %%", best[0], 100 * best[0] / peak);
        return best.length == 1 ? vectors : vectors + String.format(Locale.ROOT, "; machine code %.1f, %.0f %%, %.2f times", best[1],
                100 * best[1] / peak, best[1] / best[0]);
    }

    private static long floats(long count) {
        long address = ARENA.allocate(4 * count, 64).address();
        for (long i = 0; i < count; i++) {
            Memory.putFloat(address + 4 * i, (i * 2654435761L >>> 8 & 0xFFFF) * 0x1p-16f - 0.5f);
        }
        return address;
    }

    private static void product(ThreadTeam team, double peak, int batches, int rows, int columns, int inner, boolean turnA, boolean turnB) {
        long a = floats((long) batches * rows * inner);
        long b = floats((long) batches * columns * inner);
        long c = floats((long) batches * rows * columns);
        long[] left = new long[batches];
        Arrays.setAll(left, batch -> a + 4L * batch * rows * inner);
        long[] result = new long[batches];
        Arrays.setAll(result, batch -> c + 4L * batch * rows * columns);
        long step = turnB ? 1 : columns;
        long columnStep = turnB ? inner : 1;
        Gemm.Panels panels = (worker, batch, firstRow, count, firstColumn, width, vectors, panel) -> KERNELS.tiles().pack(Encoding.F32,
                count, width, vectors, b + 4L * batch * columns * inner + 4 * (firstRow * step + firstColumn * columnStep), step,
                columnStep, panel);
        List<Runnable> ways = codes().stream().map(code -> new Gemm(KERNELS.tiles(), code, rows, columns, inner, 1))
                .<Runnable>map(product -> () -> product.run(team, batches, left,
                        new Gemm.Left(Encoding.F32, turnA ? 1 : inner, turnA ? rows : 1), panels, result, 4L * columns, false))
                .toList();
        System.out.printf("product %d × (%d × %d) · (%d × %d)%s%s: %s%n", batches, rows, inner, inner, columns,
                turnA ? ", left transposed" : "", turnB ? ", right transposed" : "",
                rates(2L * batches * rows * columns * inner, peak, ways));
    }

    /** Rows of x with weights as they are stored; few rows read them from memory. */
    private static void dots(ThreadTeam team, double peak, Encoding encoding, int rows, int columns, int inner) {
        long x = floats((long) rows * inner);
        MemorySegment weights = ARENA.allocate(encoding.bytes((long) columns * inner), 64);
        if (encoding.isBlockQuantised()) {
            StoredBlocks.write(encoding, weights, new Random(1));
        } else {
            weights.fill((byte) 0x3C);
        }
        long y = floats((long) rows * columns);
        List<Function<Encoding, Optional<StoredDots>>> codes = codes().size() > 1
                ? List.of(_ -> Optional.empty(), stored -> CODE.dots(stored, KERNELS.tiles().lanes()))
                : List.of(_ -> Optional.empty());
        List<Runnable> ways = codes.stream().map(code -> new DotProduct(KERNELS, code, rows, columns, inner, encoding, new long[] {x},
                new long[] {weights.address()}, new long[] {y})).<Runnable>map(product -> () -> product.run(team)).toList();
        System.out.printf("%d rows of x with %d × %d in %s: %s%n", rows, columns, inner, encoding,
                rates(2L * rows * columns * inner, peak, ways));
    }

    private static void convolution(ThreadTeam team, double peak, int pictures, int in, int side, int out) {
        long x = floats((long) pictures * in * side * side);
        long weight = floats((long) out * in * 9);
        long y = floats((long) pictures * out * side * side);
        List<Convolution> ways = codes().stream().map(code -> new Convolution(KERNELS.tiles(), code, Window.same(1),
                new long[] {pictures, in, side, side}, out, 3, 3)).toList();
        long operations = 2L * pictures * in * side * side * out * 9;
        System.out.printf("convolution 3 × 3 of %d × %d × %d × %d to %d: %s%n", pictures, in, side, side, out, rates(operations, peak,
                ways.stream().<Runnable>map(way -> () -> way.forward(team, x, Encoding.F32, weight, y)).toList()));
        System.out.printf("  its weight's gradient: %s%n", rates(operations, peak,
                ways.stream().<Runnable>map(way -> () -> way.weightGradient(team, x, y, weight)).toList()));
    }
}
