package org.intarsia.model.blocks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.LfsPointer;

/** Reads JSON files as trees, and puts their fields into new ones under other names. */
public final class Fields {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Fields() {
    }

    /**
     * Returns the fields of a file.
     *
     * @param where names the file in messages
     * @throws ModelException when it is no JSON
     */
    public static JsonNode read(String text, String where) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelException(where + " is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Returns a file as text; nothing where there is none.
     *
     * @throws ModelException                        when it cannot be read
     * @throws org.intarsia.weights.WeightsException when it is a pointer of Git LFS
     */
    public static Optional<String> text(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            LfsPointer.refuse(file);
            return Optional.of(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new ModelException(file + " is not text in UTF-8; get the file again", e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Returns an empty object. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Copies a field, where it is there. */
    public static void copy(JsonNode from, String name, ObjectNode to, String newName) {
        if (from.has(name)) {
            to.set(newName, from.get(name));
        }
    }
}
