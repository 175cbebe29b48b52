package org.intarsia.weights;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Writes one safetensors file: into a new file beside the old one, which takes its place at the end. */
final class SafetensorsWriter {
    private static final JsonFactory JSON = new JsonFactory();

    /** A byte buffer cannot be longer than 2 GiB, and the system call takes less. */
    private static final long PIECE = 1 << 26;

    private final Path file;
    private final List<Tensor> tensors;
    private final Map<String, String> metadata;

    SafetensorsWriter(Path file, Collection<Tensor> tensors, Map<String, String> metadata) {
        this.file = file;
        // The reference's order: wide elements first, so that every tensor is aligned, then by name.
        this.tensors = tensors.stream().sorted(Comparator.comparing(SafetensorsWriter::dtype).reversed()
                .thenComparing(Tensor::name, SafetensorsWriter::compareAsBytes)).toList();
        this.metadata = new TreeMap<>(metadata);
    }

    private static Dtype dtype(Tensor tensor) {
        return Dtype.of(tensor.type().encoding());
    }

    /** The order of the names' UTF-8 bytes, which is that of their code points and not quite that of Java's strings. */
    private static int compareAsBytes(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    void write() {
        checkNames();
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new WeightsException("'" + file + "' cannot be written: the folder '" + folder
                    + "' does not exist; create it first");
        }
        if (Files.isDirectory(file)) {
            throw new WeightsException("'" + file + "' cannot be written: it is a directory");
        }
        Path fresh = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeAll(channel);
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' cannot be written (" + e.getMessage() + ")", e);
        } finally {
            discard(fresh);
        }
    }

    /** Removes what is left over when writing failed; after a success there is nothing. */
    private static void discard(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            throw new WeightsException("the unfinished file '" + fresh + "' cannot be removed (" + e.getMessage() + ")", e);
        }
    }

    private void checkNames() {
        Set<String> names = new HashSet<>();
        names.add(Header.METADATA);
        for (Tensor tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new WeightsException("'" + file + "' cannot hold two tensors named " + Quoted.of(tensor.name()));
            }
        }
    }

    private void writeAll(FileChannel channel) throws IOException {
        byte[] header = header();
        // Spaces behind the header let the first tensor begin at a multiple of eight bytes.
        int padded = Math.ceilDiv(header.length, Long.BYTES) * Long.BYTES;
        ByteBuffer head = ByteBuffer.allocate(Header.PREFIX + padded).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(padded).put(header);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        writeFully(channel, head.flip());
        for (Tensor tensor : tensors) {
            MemorySegment content = tensor.content();
            for (long from = 0; from < content.byteSize(); from += PIECE) {
                writeFully(channel, content.asSlice(from, Math.min(PIECE, content.byteSize() - from)).asByteBuffer());
            }
        }
    }

    private byte[] header() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(Header.METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long position = 0;
            for (Tensor tensor : tensors) {
                long end = position + tensor.content().byteSize();
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", dtype(tensor).name());
                writeNumbers(json, "shape", tensor.shape().sizes());
                writeNumbers(json, "data_offsets", position, end);
                json.writeEndObject();
                position = end;
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void writeNumbers(JsonGenerator json, String field, long... numbers) throws IOException {
        json.writeArrayFieldStart(field);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
