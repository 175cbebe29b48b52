package org.intarsia.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of one JSON object that are followed, or known to change nothing. They stand in {@code known-keys.json} beside
 * this class: by file, then by family or {@code *} for all families. There, {@code used} lists keys that are read, {@code
 * harmless} those that change no result, {@code objects} the keys of objects inside, and {@code include} names groups that
 * several objects share; a name that begins with {@code *} stands for all that end so. Whoever reads a new key adds it there. Immutable.
 *
 * @param names   keys whose value is not looked into
 * @param objects keys of objects whose own keys are compared
 */
record KnownKeys(Set<String> names, Map<String, KnownKeys> objects) {
    private static final String ANY_FAMILY = "*";
    private static final JsonNode TABLE = table();

    KnownKeys {
        names = Set.copyOf(names);
        objects = Map.copyOf(objects);
    }

    /** The keys of a file for a family; nothing where no component here reads that file for it. */
    static Optional<KnownKeys> of(String fileName, String family) {
        JsonNode families = TABLE.path(fileName);
        JsonNode keys = families.has(ANY_FAMILY) ? families.get(ANY_FAMILY) : families.path(family);
        return keys.isObject() ? Optional.of(read(keys)) : Optional.empty();
    }

    private static KnownKeys read(JsonNode keys) {
        Set<String> names = new HashSet<>();
        Map<String, KnownKeys> objects = new HashMap<>();
        collect(keys, names);
        keys.path("include").forEach(group -> collect(TABLE.path("groups").path(group.asText()), names));
        keys.path("objects").properties().forEach(entry -> objects.put(entry.getKey(), read(entry.getValue())));
        return new KnownKeys(names, objects);
    }

    private static void collect(JsonNode keys, Set<String> names) {
        keys.path("used").forEach(name -> names.add(name.asText()));
        keys.path("harmless").forEach(name -> names.add(name.asText()));
    }

    /** The paths of all other keys; those without a value, or with a leading underscore, ask for nothing. */
    List<String> others(JsonNode object) {
        List<String> others = new ArrayList<>();
        addOthers(object, "", others);
        return others;
    }

    private void addOthers(JsonNode object, String path, List<String> others) {
        object.properties().forEach(entry -> {
            String name = entry.getKey();
            KnownKeys inner = objects.get(name);
            if (inner != null && entry.getValue().isObject()) {
                inner.addOthers(entry.getValue(), path + name + ".", others);
            } else if (inner == null && !isKnown(name) && !name.startsWith("_") && !entry.getValue().isNull()) {
                others.add(path + name);
            }
        });
    }

    private boolean isKnown(String name) {
        return names.contains(name)
                || names.stream().anyMatch(known -> known.startsWith("*") && name.endsWith(known.substring(1)));
    }

    private static JsonNode table() {
        try (InputStream in = KnownKeys.class.getResourceAsStream("known-keys.json")) {
            return Fields.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), "known-keys.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
