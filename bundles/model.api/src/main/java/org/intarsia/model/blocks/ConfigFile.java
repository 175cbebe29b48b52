package org.intarsia.model.blocks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;

/**
 * A JSON file of a model, read field by field. What is missing or invalid is remembered, and {@link #check} names all of
 * it in one sentence; until then such a field gives a harmless value, so that reading can go on to the end. A field that
 * is {@code null} counts as absent. Not safe for use by several threads.
 */
public final class ConfigFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A file that is wrong from end to end should not fill the screen. */
    private static final int MOST_COMPLAINTS = 50;

    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String PROCESSOR = "processor_config.json";
    private static final String IMAGE_PROCESSOR = "image_processor";

    private final String where;
    private final String path;
    private final JsonNode node;
    private final List<String> wrong;

    private ConfigFile(String where, String path, JsonNode node, List<String> wrong) {
        this.where = where;
        this.path = path;
        this.node = node;
        this.wrong = wrong;
    }

    /**
     * Opens a file of a model directory.
     *
     * @throws ModelException when it is not there or holds no JSON object
     */
    public static ConfigFile read(ModelFiles files, String fileName) {
        String text = files.json(fileName).orElseThrow(() -> new ModelException("the model in " + files.directory()
                + " has no " + fileName + ", which says what it is made of"));
        String where = fileName + " of the model in " + files.directory();
        try {
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw new ModelException(where + " should hold a JSON object");
            }
            return new ConfigFile(where, "", root, new ArrayList<>());
        } catch (JsonProcessingException e) {
            throw new ModelException(where + " is no valid JSON: " + e.getOriginalMessage() + " in line "
                    + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr(), e);
        }
    }

    /**
     * Opens what a model says about the pictures it is handed: {@code image_processor} in {@code processor_config.json},
     * where transformers 5 writes it, or else {@code preprocessor_config.json}.
     *
     * @throws ModelException when neither is there, or no JSON object
     */
    public static ConfigFile readPictureSettings(ModelFiles files) {
        return nestedPictureSettings(files).orElseGet(() -> read(files, PREPROCESSOR));
    }

    /** Returns whether {@link #readPictureSettings} finds any. */
    public static boolean hasPictureSettings(ModelFiles files) {
        return files.json(PREPROCESSOR).isPresent() || nestedPictureSettings(files).isPresent();
    }

    private static Optional<ConfigFile> nestedPictureSettings(ModelFiles files) {
        return files.json(PROCESSOR).map(text -> read(files, PROCESSOR)).filter(file -> file.has(IMAGE_PROCESSOR))
                .map(file -> {
                    ConfigFile settings = file.at(IMAGE_PROCESSOR);
                    file.check();
                    return settings;
                });
    }

    /** The object in a field. Where there is none, one complaint stands for all of its fields. */
    public ConfigFile at(String name) {
        JsonNode child = node.path(name);
        if (child.isObject()) {
            return new ConfigFile(where, path + name + ".", child, wrong);
        }
        complain(name, child, "should be an object");
        return new ConfigFile(where, path + name + ".", JSON.createObjectNode(), new ArrayList<>());
    }

    public boolean has(String name) {
        return !absent(node.path(name));
    }

    /** Returns whether the field is there and {@code null}: some references then take another value than for one that is absent. */
    public boolean isNull(String name) {
        return node.path(name).isNull();
    }

    /** Whether the field holds an object. */
    public boolean isObject(String name) {
        return node.path(name).isObject();
    }

    /** Returns whether the field is absent, {@code null}, {@code false}, 0, or an empty text, list or object. */
    public boolean isOff(String name) {
        JsonNode value = node.path(name);
        return absent(value) || value.isBoolean() && !value.booleanValue() || isNumber(name, 0)
                || value.isTextual() && value.textValue().isEmpty() || value.isContainerNode() && value.isEmpty();
    }

    /** Returns whether the field holds this number. */
    public boolean isNumber(String name, double number) {
        JsonNode value = node.path(name);
        return value.isNumber() && value.doubleValue() == number;
    }

    /** A list of texts; nothing where the field is absent. */
    public List<String> texts(String name) {
        JsonNode value = node.path(name);
        List<String> texts = new ArrayList<>();
        if (absent(value)) {
            return texts;
        }
        value.forEach(item -> texts.add(item.asText()));
        if (!value.isArray()) {
            complain(name, value, "should be a list of texts");
        }
        return texts;
    }

    /** The names of all fields. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A whole number of at least 1. */
    public int size(String name) {
        JsonNode value = node.path(name);
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1) {
            return value.intValue();
        }
        complain(name, value, "should be a whole number of at least 1");
        return 1;
    }

    public int size(String name, int whenAbsent) {
        return has(name) ? size(name) : whenAbsent;
    }

    /** A size that takes time or memory as soon as it is read: one that no real file has is refused. */
    public int sizeUpTo(int most, String name, int whenAbsent) {
        return bounded(most, name, size(name, whenAbsent));
    }

    /** The same where the field must be there. */
    public int sizeUpTo(int most, String name) {
        return bounded(most, name, size(name));
    }

    private int bounded(int most, String name, int size) {
        if (size > most) {
            complain(name, node.path(name), "should be at most " + most);
            return most;
        }
        return size;
    }

    /** A whole number. */
    public int number(String name, int whenAbsent) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return whenAbsent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            complain(name, value, "should be a whole number");
        }
        return value.intValue();
    }

    /** A number above 0 that must be there. */
    public double positive(String name) {
        if (!has(name)) {
            complain(name, node.path(name), "");
        }
        return positive(name, 1);
    }

    /** Any number. */
    public double decimal(String name, double whenAbsent) {
        JsonNode value = node.path(name);
        if (!absent(value) && !value.isNumber()) {
            complain(name, value, "should be a number");
        }
        return value.asDouble(whenAbsent);
    }

    /** A number above 0. */
    public double positive(String name, double whenAbsent) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return whenAbsent;
        }
        if (value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        complain(name, value, "should be a number above 0");
        return 1;
    }

    public boolean flag(String name, boolean whenAbsent) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return whenAbsent;
        }
        if (!value.isBoolean()) {
            complain(name, value, "should be true or false");
        }
        return value.booleanValue();
    }

    public String text(String name, String whenAbsent) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return whenAbsent;
        }
        if (!value.isTextual()) {
            complain(name, value, "should be a text");
        }
        return value.asText();
    }

    /** A list of whole numbers of at least 1. */
    public List<Integer> sizes(String name, List<Integer> whenAbsent) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return whenAbsent;
        }
        List<Integer> sizes = new ArrayList<>();
        value.forEach(item -> sizes.add(item.canConvertToInt() && item.isIntegralNumber() ? item.intValue() : 0));
        if (!value.isArray() || sizes.stream().anyMatch(size -> size < 1)) {
            complain(name, value, "should be a list of whole numbers of at least 1");
            return whenAbsent;
        }
        return List.copyOf(sizes);
    }

    /** A list of numbers. */
    public List<Double> numbers(String name, List<Double> whenAbsent) {
        JsonNode value = node.path(name);
        if (absent(value)) {
            return whenAbsent;
        }
        List<Double> numbers = new ArrayList<>();
        value.forEach(item -> numbers.add(item.isNumber() ? item.doubleValue() : Double.NaN));
        if (!value.isArray() || numbers.stream().anyMatch(number -> !Double.isFinite(number))) {
            complain(name, value, "should be a list of numbers");
            return whenAbsent;
        }
        return List.copyOf(numbers);
    }

    /** A token id, or a list of them; nothing where the field is absent. */
    public List<Integer> tokenIds(String name) {
        JsonNode value = node.path(name);
        List<Integer> ids = new ArrayList<>();
        if (absent(value)) {
            return ids;
        }
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0) {
                ids.add(id.intValue());
            } else {
                complain(name, value, "should be a whole number of at least 0, or a list of such");
                break;
            }
        }
        return ids;
    }

    /** An object whose fields are token ids, in the file's order. */
    public Map<String, Integer> ids(String name) {
        JsonNode value = node.path(name);
        Map<String, Integer> ids = new LinkedHashMap<>();
        if (!value.isObject()) {
            complain(name, value, "should be an object of tokens and their ids");
        }
        value.properties().forEach(entry -> {
            JsonNode id = entry.getValue();
            if (id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0) {
                ids.put(entry.getKey(), id.intValue());
            } else {
                complain(name + "." + entry.getKey(), id, "should be a whole number of at least 0");
            }
        });
        return ids;
    }

    /** Remembers something that is wrong with a field, or between fields. */
    public void wrong(String name, String what) {
        wrong.add(path + name + " " + what);
    }

    /** Whether nothing wrong was found so far: only then are relations between fields worth a check. */
    public boolean isSound() {
        return wrong.isEmpty();
    }

    /**
     * Ends the reading.
     *
     * @throws ModelException naming everything that is wrong
     */
    public void check() {
        if (!wrong.isEmpty()) {
            String more = wrong.size() > MOST_COMPLAINTS ? "; and " + (wrong.size() - MOST_COMPLAINTS) + " more" : "";
            throw new ModelException(where + " cannot be used: "
                    + wrong.stream().limit(MOST_COMPLAINTS).collect(Collectors.joining("; ")) + more);
        }
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private void complain(String name, JsonNode value, String what) {
        if (absent(value)) {
            wrong(name, "is missing");
        } else {
            String text = value.toString();
            wrong(name, what + ", not " + (text.length() <= 40 ? text : text.substring(0, 40) + "…"));
        }
    }
}
