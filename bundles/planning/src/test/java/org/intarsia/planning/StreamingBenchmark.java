package org.intarsia.planning;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.intarsia.weights.Weights;

/**
 * Opens the 405B geometry over empty weights and runs layers of it, read from a file system that has none of them in memory,
 * beside the rate at which plain reading goes through such files. Run it by hand: {@code java … StreamingBenchmark DIR
 * [LAYERS]}, where DIR lies on the file system to measure.
 */
public final class StreamingBenchmark {
    private static final int BUFFER = 8 << 20;

    private StreamingBenchmark() {
    }

    public static void main(String[] arguments) throws IOException {
        int layers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "hollow");
        try {
            measure(folder, layers);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void measure(Path folder, int layers) throws IOException {
        long start = System.nanoTime();
        HollowModel model = new HollowModel(folder);
        say("%d shards of %.1f GB in all, made in %.2f s", model.shards().size(), model.bytes() / 1e9, since(start));
        start = System.nanoTime();
        try (Weights weights = model.open()) {
            double mapped = since(start);
            model.components(weights);
            say("opened in %.2f s, of which mapping %.2f s; heap at most %.0f MB", since(start), mapped, peakHeap() / 1e6);
            Path part = Files.createDirectory(folder.resolve("part"));
            // Each takes layers and shards that nobody has touched yet, from the end; the last rounds show what has settled.
            List<Path> shards = model.shards();
            int next = 0;
            for (int round = 0; round < 4; round++) {
                double ahead = step(model, weights, next, layers, part, "0");
                next += layers;
                double plain = step(model, weights, next, layers, part, "1e9");
                next += layers;
                Path fresh = shards.get(shards.size() - 2 - round);
                double cold = read(fresh);
                double warm = read(fresh);
                say("%.1f GB a step: read ahead %.2f GB/s, without %.2f GB/s; plain reading %.2f GB/s, again from memory"
                        + " %.2f GB/s; share of plain reading %.0f %%", HollowModel.layerBytes(layers) / 1e9, ahead, plain, cold,
                        warm, 100 * ahead / cold);
            }
            say("heap at most %.0f MB", peakHeap() / 1e6);
        }
    }

    private static double step(HollowModel model, Weights weights, int first, int layers, Path part, String share)
            throws IOException {
        System.setProperty("intarsia.cpu.readahead", share);
        double[] seconds = new double[1];
        model.step(weights, first, layers, part, seconds);
        return HollowModel.layerBytes(layers) / seconds[0] / 1e9;
    }

    /** GB a second. */
    private static double read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        long start = System.nanoTime();
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer.clear()) >= 0) {
                // On to the end.
            }
            return channel.size() / since(start) / 1e9;
        }
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage).mapToLong(usage -> usage.getUsed()).sum();
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
