package org.intarsia.weights;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a safetensors file looks like. */
final class SafetensorsLayout {
    private static final JsonFactory JSON = new JsonFactory();

    private SafetensorsLayout() {
    }

    static Layout of(Collection<TensorSource> tensors, Map<String, String> metadata) {
        // The reference's order: wide elements first, so that every tensor is aligned, then by name.
        List<TensorSource> sorted = tensors.stream().sorted(Comparator.comparing(SafetensorsLayout::dtype).reversed()
                .thenComparing(TensorSource::name, SafetensorsLayout::compareAsBytes)).toList();
        byte[] header = header(sorted, metadata);
        // Spaces behind the header let the first tensor begin at a multiple of eight bytes.
        int padded = Math.ceilDiv(header.length, Long.BYTES) * Long.BYTES;
        byte[] head = new byte[Header.PREFIX + padded];
        Arrays.fill(head, (byte) ' ');
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(header);
        List<Layout.Placed> placed = new ArrayList<>();
        long position = head.length;
        for (TensorSource tensor : sorted) {
            placed.add(new Layout.Placed(tensor, position));
            position += tensor.type().bytes();
        }
        return new Layout(head, placed, position);
    }

    private static Dtype dtype(TensorSource tensor) {
        return Dtype.of(tensor.type().encoding());
    }

    /** The order of the names' UTF-8 bytes, which is that of their code points and not quite that of Java's strings. */
    private static int compareAsBytes(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] header(List<TensorSource> tensors, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(Header.METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long position = 0;
            for (TensorSource tensor : tensors) {
                long end = position + tensor.type().bytes();
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", dtype(tensor).name());
                writeNumbers(json, "shape", tensor.type().shape().sizes());
                writeNumbers(json, "data_offsets", position, end);
                json.writeEndObject();
                position = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written", e);
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
}
