package org.intarsia.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * Weights that are there as soon as a component asks for them, in the shape that it asks for: all see the same hole of one
 * file, so that sizes of any configuration cost nothing. Larger ones than the hole are missing.
 */
final class Holes implements Weights {
    private static final MemorySegment HOLE = hole(1L << 36);

    private final SortedMap<String, Tensor> asked = new TreeMap<>();

    private static MemorySegment hole(long bytes) {
        try {
            Path file = Files.createTempFile("intarsia-fuzz", ".hole");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.global());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SortedSet<String> names() {
        return new TreeSet<>(asked.keySet());
    }

    @Override
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(asked.get(name));
    }

    @Override
    public Optional<Tensor> expect(String name, Shape shape) {
        TensorType type = new TensorType(shape, Encoding.F32);
        if (type.bytes() <= HOLE.byteSize()) {
            asked.putIfAbsent(name, new Tensor(name, type, HOLE.asSlice(0, type.bytes())));
        }
        return find(name);
    }

    @Override
    public void close() {
        asked.clear();
    }
}
