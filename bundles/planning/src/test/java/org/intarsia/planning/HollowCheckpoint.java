package org.intarsia.planning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.TensorType;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Blueprint.Weight;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;

/** A checkpoint in shards, as large models are published, whose tensors are holes: they take no disk and read as zeros. */
final class HollowCheckpoint {
    /** About what published shards hold. */
    private static final long SHARD = 5_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private HollowCheckpoint() {
    }

    /**
     * Makes the files.
     *
     * @return the shards
     */
    static List<Path> write(Blueprint blueprint, Encoding encoding, Path directory) throws IOException {
        List<List<Weight>> shards = new ArrayList<>();
        long room = 0;
        for (Weight weight : blueprint.pieces().stream().flatMap(piece -> piece.weights().stream()).toList()) {
            long bytes = new TensorType(weight.shape(), encoding).bytes();
            if (room < bytes) {
                shards.add(new ArrayList<>());
                room = SHARD;
            }
            shards.getLast().add(weight);
            room -= bytes;
        }
        ObjectNode index = JSON.createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            Path file = directory.resolve(String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size()));
            shards.get(i).forEach(weight -> map.put(weight.name(), file.getFileName().toString()));
            writeShard(file, shards.get(i), encoding);
            files.add(file);
        }
        Files.writeString(directory.resolve(Checkpoint.INDEX), index.toString());
        return files;
    }

    private static void writeShard(Path file, List<Weight> weights, Encoding encoding) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        long position = 0;
        for (Weight weight : weights) {
            long end = position + new TensorType(weight.shape(), encoding).bytes();
            ObjectNode entry = header.putObject(weight.name()).put("dtype", encoding.name());
            for (long size : weight.shape().sizes()) {
                entry.withArray("shape").add(size);
            }
            entry.putArray("data_offsets").add(position).add(end);
            position = end;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        int padded = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.write(head.flip());
            // The last byte; all between it and the header is a hole.
            channel.write(ByteBuffer.allocate(1), Long.BYTES + padded + position - 1);
        }
    }

    /** Some layers of a model as if they were all that it has; closing them closes nothing. */
    record Layers(Weights whole, int first, int count) implements Weights {
        private static final String LAYERS = "model.layers.";

        @Override
        public SortedSet<String> names() {
            return whole.names().stream().map(this::mine).flatMap(Optional::stream)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** What a tensor is called here; nothing for those of other layers. */
        private Optional<String> mine(String name) {
            if (!name.startsWith(LAYERS)) {
                return Optional.of(name);
            }
            int end = name.indexOf('.', LAYERS.length());
            int layer = Integer.parseInt(name.substring(LAYERS.length(), end)) - first;
            return layer < 0 || layer >= count ? Optional.empty() : Optional.of(LAYERS + layer + name.substring(end));
        }

        @Override
        public Optional<Tensor> find(String name) {
            if (!name.startsWith(LAYERS)) {
                return whole.find(name);
            }
            int end = name.indexOf('.', LAYERS.length());
            int layer = Integer.parseInt(name.substring(LAYERS.length(), end));
            return layer >= count ? Optional.empty()
                    : whole.find(LAYERS + (layer + first) + name.substring(end)).map(tensor -> tensor.named(name));
        }

        @Override
        public void close() {
            // The whole belongs to whoever opened it.
        }
    }
}
