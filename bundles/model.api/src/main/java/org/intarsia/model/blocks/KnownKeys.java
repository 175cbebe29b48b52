package org.intarsia.model.blocks;

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
import java.util.stream.Collectors;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.text.Quoted;

/**
 * The keys of one JSON object that are followed, or known to change nothing. They are written down as JSON, in {@code
 * known-keys.json} beside this class and in the description of each family: {@code used} lists keys that are read, {@code
 * harmless} those that change no result, {@code objects} the keys of objects inside, and {@code include} names groups of {@code
 * known-keys.json} that several objects share; a name that begins with {@code *} stands for all that end so. Whoever reads a
 * new key adds it there. Immutable.
 *
 * @param names   keys whose value is not looked into
 * @param objects keys of objects whose own keys are compared
 */
public record KnownKeys(Set<String> names, Map<String, KnownKeys> objects) {
    private static final String CONFIG = "config.json";
    /** Whose keys are the same in all families. */
    private static final List<String> SMALL_FILES = List.of("preprocessor_config.json", "processor_config.json",
            "tokenizer_config.json");
    /** A file that is wrong from end to end should not fill the screen. */
    private static final int MOST = 20;
    private static final JsonNode TABLE = table();

    public KnownKeys {
        names = Set.copyOf(names);
        objects = Map.copyOf(objects);
    }

    /** Reads the keys of an object. */
    public static KnownKeys read(JsonNode keys) {
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

    /**
     * For each small file of a model that asks for something else, a clause that names it. {@code generation_config.json} is
     * not among them, which is the engine's.
     *
     * @param config the known keys of {@code config.json}
     */
    public static List<String> notFollowed(ModelFiles published, KnownKeys config) {
        List<String> clauses = new ArrayList<>();
        config.clause(CONFIG, published).ifPresent(clauses::add);
        SMALL_FILES.forEach(file -> read(TABLE.path(file)).clause(file, published).ifPresent(clauses::add));
        return clauses;
    }

    private Optional<String> clause(String file, ModelFiles files) {
        return files.json(file).map(text -> Fields.read(text, "'" + files.directory().resolve(file) + "'"))
                .flatMap(json -> clause(file, others(json)));
    }

    /** Returns a clause that names keys of a file; nothing where there are none. */
    public static Optional<String> clause(String file, List<String> keys) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        String more = keys.size() > MOST ? " and " + (keys.size() - MOST) + " more" : "";
        return Optional.of(file + " asks for " + keys.stream().limit(MOST).map(Quoted::of).collect(Collectors.joining(", ")) + more);
    }

    /** Returns the paths of all other keys; those without a value, or with a leading underscore, ask for nothing. */
    public List<String> others(JsonNode object) {
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
