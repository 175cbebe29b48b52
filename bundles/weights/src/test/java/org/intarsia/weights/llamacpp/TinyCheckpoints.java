package org.intarsia.weights.llamacpp;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.intarsia.graph.Shape;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;

/** Model directories whose weights follow from their names, so that only what llama.cpp's converter made of them is kept. */
final class TinyCheckpoints {
    private static final int STEP = 40503;
    private static final int VALUES = 1 << 16;

    private TinyCheckpoints() {
    }

    static Path resource(String name) {
        try {
            return Path.of(TinyCheckpoints.class.getResource("/llamacpp/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    static Map<String, Object> golden(String name) {
        return JsonTree.object(resource(name).resolve("golden.json")).orElseThrow();
    }

    /** Copies a model's files into a folder, and makes its weights. */
    static Path write(String name, Path folder) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        try (Stream<Path> files = Files.list(resource(name))) {
            for (Path file : files.filter(file -> !file.endsWith("golden.json")).toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        List<Tensor> tensors = JsonTree.child(golden(name), "checkpoint").entrySet().stream()
                .map(entry -> tensor(entry.getKey(), sizes(entry.getValue()))).toList();
        Safetensors.write(model.resolve(Checkpoint.SINGLE), tensors, Map.of("format", "pt"));
        return model;
    }

    static Tensor tensor(String name, long... sizes) {
        CRC32 seed = new CRC32();
        seed.update(name.getBytes(StandardCharsets.UTF_8));
        Shape shape = Shape.of(sizes);
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (((long) i * STEP + seed.getValue()) % VALUES - VALUES / 2) / (float) VALUES;
        }
        return Tensor.of(name, shape, values);
    }

    static long[] sizes(Object list) {
        return ((List<?>) list).stream().mapToLong(size -> ((Number) size).longValue()).toArray();
    }
}
