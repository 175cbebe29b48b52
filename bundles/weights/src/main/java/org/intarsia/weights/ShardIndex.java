package org.intarsia.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.intarsia.text.Quoted;

/** Which file of a checkpoint holds which tensor: {@code model.safetensors.index.json}. */
final class ShardIndex {
    private static final String MAP = "weight_map";

    private final Path file;
    private final SortedMap<String, String> shards = new TreeMap<>();

    private ShardIndex(Path file) {
        this.file = file;
    }

    /** For each tensor's name the name of the file beside the index that holds it. */
    static SortedMap<String, String> read(Path file) {
        ShardIndex index = new ShardIndex(file);
        index.read();
        return index.shards;
    }

    private void read() {
        boolean found = false;
        try {
            LfsPointer.refuse(file);
        } catch (IOException e) {
            throw broken("it cannot be read (" + e.getMessage() + ")");
        }
        try (JsonParser parser = Json.parser(Files.newInputStream(file))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw broken("it is not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!field.equals(MAP)) {
                    parser.skipChildren();
                } else if (value != JsonToken.START_OBJECT || found) {
                    throw broken("its " + MAP + " is not one JSON object");
                } else {
                    found = true;
                    readMap(parser);
                }
            }
        } catch (IOException e) {
            throw new WeightsException("the index '" + file + "' " + Json.complaint(e), e);
        }
        if (!found) {
            throw broken("it has no " + MAP);
        }
    }

    private void readMap(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String tensor = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw broken("it gives no file name for the tensor " + Quoted.of(tensor));
            }
            String shard = parser.getText();
            if (!isPlainFileName(shard)) {
                throw broken("it looks for the tensor " + Quoted.of(tensor) + " in " + Quoted.of(shard)
                        + ", which is not the name of a file beside it");
            }
            if (shards.put(tensor, shard) != null) {
                throw broken("it names the tensor " + Quoted.of(tensor) + " twice");
            }
        }
    }

    /** Whether a name stays in its directory on every platform. */
    private static boolean isPlainFileName(String name) {
        return !name.isBlank() && !name.equals(".") && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    }

    private WeightsException broken(String what) {
        return new WeightsException("the index '" + file + "' cannot be used: " + what);
    }
}
