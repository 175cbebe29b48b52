package org.intarsia.planning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.blocks.Fields;
import org.intarsia.planning.api.Planner;

/**
 * The JSON files of a model that need not be there: its own, and for those that it lacks what its family usually has.
 *
 * @param name      of the shape in the box, or of the directory or file
 * @param directory where the files lie; of a shape in the box, where they would
 * @param files     file names and what is in them
 * @param template  what models of this family usually have beside ({@link ModelFamily#template}); empty where its family is not there
 */
record Configuration(String name, Path directory, Map<String, JsonNode> files, JsonNode template) {
    static final String CONFIG = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String PROCESSOR = "processor_config.json";
    private static final List<String> BESIDE = List.of(PREPROCESSOR, PROCESSOR, "generation_config.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Finds a shape in the box, a file, or a directory. */
    static Configuration find(String nameOrPath, List<ModelFamily> families) {
        if (Planner.SHAPES.contains(nameOrPath)) {
            return complete(families, nameOrPath, Path.of(nameOrPath), new TreeMap<>(Map.of(CONFIG,
                    resource("shapes/" + nameOrPath + ".json"))));
        }
        Path path = path(nameOrPath);
        Path config = Files.isDirectory(path) ? path.resolve(CONFIG) : path;
        if (!Files.isRegularFile(config)) {
            throw new ModelException(Files.isDirectory(path) ? "the directory '" + path + "' has no " + CONFIG
                    : "there is no configuration '" + nameOrPath + "': it is neither a file nor a directory, nor one in the box"
                            + " (" + String.join(", ", Planner.SHAPES) + ")");
        }
        Path directory = config.toAbsolutePath().normalize().getParent();
        Map<String, JsonNode> files = new TreeMap<>();
        files.put(CONFIG, read(config));
        BESIDE.stream().filter(file -> Files.isRegularFile(directory.resolve(file)))
                .forEach(file -> files.put(file, read(directory.resolve(file))));
        boolean plain = config.getFileName().toString().equals(CONFIG);
        return complete(families, plain ? String.valueOf(directory.getFileName()) : config.getFileName().toString(), directory, files);
    }

    private static Configuration complete(List<ModelFamily> families, String name, Path directory, Map<String, JsonNode> files) {
        JsonNode template = families.stream().filter(family -> family.name().equals(family(files))).findFirst()
                .flatMap(ModelFamily::template).map(text -> Fields.read(text, "the template of family " + family(files)))
                .orElseGet(MissingNode::getInstance);
        Configuration own = new Configuration(name, directory, files, template);
        JsonNode usual = own.usual();
        // transformers 5 keeps what it says about pictures in processor_config.json.
        boolean nested = files.containsKey(PROCESSOR) && files.get(PROCESSOR).has("image_processor");
        BESIDE.stream().filter(usual::has).filter(file -> !nested || !file.equals(PREPROCESSOR)).forEach(file -> files.putIfAbsent(file, usual.get(file)));
        if (usual.has("firstCode") && files.get(CONFIG) instanceof ObjectNode config && !config.has(Vocabulary.MAP)) {
            config.set(Vocabulary.MAP, own.vocabulary().map());
        }
        return own;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ModelException("'" + text + "' is neither a path on this machine nor a configuration in the box", e);
        }
    }

    private static JsonNode read(Path file) {
        try {
            JsonNode read = JSON.readTree(file.toFile());
            if (!read.isObject()) {
                throw new ModelException("'" + file + "' should hold a JSON object");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new ModelException("'" + file + "' is no valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static JsonNode resource(String name) {
        try (InputStream in = Configuration.class.getResourceAsStream(name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String family() {
        return family(files);
    }

    private static String family(Map<String, JsonNode> files) {
        return files.get(CONFIG).path("model_type").asText();
    }

    /** The template, with what it takes from the configuration. */
    JsonNode usual() {
        return resolve(template.deepCopy());
    }

    /** With {@code $PATH|OTHERWISE} replaced by what the configuration has at that path, of a list the first. */
    private JsonNode resolve(JsonNode node) {
        if (node.isTextual() && node.asText().startsWith("$")) {
            String[] parts = node.asText().substring(1).split("\\|");
            JsonNode found = files.get(CONFIG).at("/" + parts[0].replace('.', '/'));
            JsonNode first = found.isArray() ? found.path(0) : found;
            return first.isInt() ? first : IntNode.valueOf(Integer.parseInt(parts[1]));
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(resolve(entry.getValue())));
        }
        return node;
    }

    /** The tokens of the model. */
    Vocabulary vocabulary() {
        return Vocabulary.of(this);
    }

    Optional<String> json(String fileName) {
        return Optional.ofNullable(files.get(fileName)).map(JsonNode::toString);
    }
}
