package org.intarsia.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.graph.Shape;
import org.intarsia.text.Quoted;

/**
 * Reads and checks the header of a safetensors file, trusting nothing in it: each fault is one sentence, and nothing is
 * allocated for what the header merely claims. The rules are those of the format's reference implementation.
 */
final class HeaderReader {
    /** No real tensor comes near; the format sets no limit. */
    private static final int MOST_DIMENSIONS = 32;

    private final Path file;
    private final MemorySegment content;
    private final List<Header.Entry> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    private HeaderReader(Path file, MemorySegment content) {
        this.file = file;
        this.content = content;
    }

    /**
     * The header of a file.
     *
     * @param content all bytes of the file
     * @throws WeightsException saying what is wrong with it
     */
    static Header read(Path file, MemorySegment content) {
        return new HeaderReader(file, content).read();
    }

    private Header read() {
        if (content.byteSize() < Header.PREFIX) {
            throw broken("is not a safetensors file: it has only " + content.byteSize() + " bytes");
        }
        long length = content.get(Elements.LONG, 0);
        if (Long.compareUnsigned(length, content.byteSize() - Header.PREFIX) > 0) {
            throw broken("is cut off or not a safetensors file: it promises a header of " + Long.toUnsignedString(length)
                    + " bytes, but only " + (content.byteSize() - Header.PREFIX) + " follow");
        }
        if (length > Header.LONGEST) {
            throw broken("has a header of " + length + " bytes; the format allows at most " + Header.LONGEST);
        }
        if (length == 0 || content.get(JAVA_BYTE, Header.PREFIX) != '{') {
            throw broken("is not a safetensors file: its header does not begin with '{'");
        }
        try (JsonParser parser = Json.parser(new SegmentInputStream(content.asSlice(Header.PREFIX, length)))) {
            parser.nextToken();
            readTop(parser);
            if (parser.nextToken() != null) {
                throw broken("is damaged: something follows the JSON object in its header");
            }
        } catch (IOException e) {
            throw new WeightsException("'" + file + "' is damaged: its header " + Json.complaint(e), e);
        }
        // As in the reference implementation, tensors must fill the file.
        Header.checkLayout(entries, content.byteSize() - Header.PREFIX - length, false, this::broken);
        return new Header(List.copyOf(entries), Metadata.of(metadata), Header.PREFIX + length);
    }

    private void readTop(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (!names.add(name)) {
                throw broken("is damaged: its header names " + Quoted.of(name) + " twice");
            }
            if (name.equals(Header.METADATA)) {
                readMetadata(parser);
            } else {
                entries.add(readEntry(name, parser));
            }
        }
    }

    private void readMetadata(JsonParser parser) throws IOException {
        // So the reference implementation reads it, too.
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (!parser.isExpectedStartObjectToken()) {
            throw broken("is damaged: its metadata is not a JSON object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw broken("is damaged: its metadata " + Quoted.of(key) + " is not a text");
            }
            if (metadata.put(key, parser.getText()) != null) {
                throw broken("is damaged: its metadata names " + Quoted.of(key) + " twice");
            }
        }
    }

    private Header.Entry readEntry(String name, JsonParser parser) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            throw brokenTensor(name, "is not described by a JSON object");
        }
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        Set<String> fields = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!fields.add(field)) {
                throw brokenTensor(name, "has " + Quoted.of(field) + " twice");
            }
            switch (field) {
                case "dtype" -> {
                    if (value != JsonToken.VALUE_STRING) {
                        throw brokenTensor(name, "has a dtype that is not a text");
                    }
                    dtype = parser.getText();
                }
                case "shape" -> shape = readSizes(name, field, MOST_DIMENSIONS, parser);
                case "data_offsets" -> offsets = readSizes(name, field, 2, parser);
                default -> parser.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null) {
            throw brokenTensor(name, "lacks its "
                    + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        return checkEntry(name, dtype, shape, offsets);
    }

    private List<Long> readSizes(String name, String field, int most, JsonParser parser) throws IOException {
        if (!parser.isExpectedStartArrayToken()) {
            throw brokenTensor(name, "has no JSON array as its " + field);
        }
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (sizes.size() == most) {
                throw brokenTensor(name, "has more than " + most + " numbers in its " + field);
            }
            sizes.add(readSize(name, field, parser));
        }
        return sizes;
    }

    private long readSize(String name, String field, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw brokenTensor(name, "has something else than whole numbers in its " + field);
        }
        try {
            long size = parser.getLongValue();
            if (size >= 0) {
                return size;
            }
        } catch (InputCoercionException e) {
            throw brokenTensor(name, "has a number that is out of range in its " + field);
        }
        throw brokenTensor(name, "has a negative number in its " + field);
    }

    private Header.Entry checkEntry(String name, String dtypeName, List<Long> sizes, List<Long> offsets) {
        Dtype dtype = Dtype.named(dtypeName).orElseThrow(() -> brokenTensor(name, "has the unknown dtype "
                + Quoted.of(dtypeName)));
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw brokenTensor(name, "has the data_offsets " + offsets + " instead of a beginning and an end");
        }
        long bits = dtype.bits();
        try {
            for (long size : sizes) {
                bits = Math.multiplyExact(bits, size);
            }
        } catch (ArithmeticException e) {
            throw brokenTensor(name, "has the shape " + sizes + ", which is larger than any file");
        }
        if (bits % Byte.SIZE != 0) {
            throw brokenTensor(name, "is " + dtype + " " + sizes + ", which does not fill whole bytes");
        }
        long length = offsets.get(1) - offsets.get(0);
        if (bits / Byte.SIZE != length) {
            throw brokenTensor(name, "is " + dtype + " " + sizes + ", which takes " + bits / Byte.SIZE
                    + " bytes, but its data_offsets " + offsets + " hold " + length);
        }
        Shape shape = Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
        return new Header.Entry(name, dtype.name(), dtype.encoding(), shape, offsets.get(0), offsets.get(1));
    }

    private WeightsException broken(String what) {
        return new WeightsException("'" + file + "' " + what);
    }

    private WeightsException brokenTensor(String name, String what) {
        return broken("is damaged: the tensor " + Quoted.of(name) + " " + what);
    }
}
