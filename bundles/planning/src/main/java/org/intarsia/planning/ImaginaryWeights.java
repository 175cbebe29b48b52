package org.intarsia.planning;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.graph.TensorType;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/**
 * Weights of which each tensor is there as soon as somebody asks for it, in the shape in which it is asked for. All are
 * views of the holes of one temporary file: they take neither memory nor disk, and whoever looks sees zeros.
 */
final class ImaginaryWeights implements Weights {
    /** Any will do; the smallest keeps the file short. */
    private static final Encoding ENCODING = Encoding.BF16;

    private final Map<String, Shape> asked = new TreeMap<>();
    private final Arena arena = Arena.ofShared();
    private MemorySegment zeros = MemorySegment.NULL;

    /** What was asked for, by name. */
    synchronized Map<String, Shape> asked() {
        return Collections.unmodifiableMap(new TreeMap<>(asked));
    }

    @Override
    public synchronized Optional<Tensor> expect(String name, Shape shape) {
        asked.putIfAbsent(name, shape);
        return find(name);
    }

    @Override
    public synchronized Optional<Tensor> find(String name) {
        return Optional.ofNullable(asked.get(name)).map(shape -> {
            TensorType type = new TensorType(shape, ENCODING);
            return new Tensor(name, type, zeros(type.bytes()));
        });
    }

    private MemorySegment zeros(long bytes) {
        if (zeros.byteSize() < bytes) {
            zeros = map(Math.max(bytes, 2 * zeros.byteSize()));
        }
        return zeros.asSlice(0, bytes);
    }

    private MemorySegment map(long bytes) {
        try {
            Path file = Files.createTempFile("intarsia-blueprint", ".zeros");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena).asReadOnly();
            }
        } catch (IOException e) {
            throw new ModelException("a tensor of " + bytes + " bytes cannot be planned, since no temporary file can be as long"
                    + " (" + e.getMessage() + "); make the model smaller or set java.io.tmpdir to another file system", e);
        }
    }

    @Override
    public synchronized SortedSet<String> names() {
        return new TreeSet<>(asked.keySet());
    }

    @Override
    public String hash() {
        throw new UnsupportedOperationException("weights that are not there have no hash");
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
