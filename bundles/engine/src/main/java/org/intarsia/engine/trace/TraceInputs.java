package org.intarsia.engine.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;

/**
 * What a trace is given: the tensors of a safetensors file; and settings, each of which is such a tensor or stands in the
 * JSON file of the same name beside it, as the references keep theirs: {@code gen.input_ids} in {@code golden.safetensors},
 * or {@code "gen": {"input_ids": […]}} in {@code golden.json}. It remembers what was taken. Not safe for use by several
 * threads.
 */
final class TraceInputs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SortedMap<String, Tensor> tensors;
    private final Path notesFile;
    private final JsonNode notes;
    private final Set<String> taken = new HashSet<>();

    private TraceInputs(SortedMap<String, Tensor> tensors, Path notesFile, JsonNode notes) {
        this.tensors = tensors;
        this.notesFile = notesFile;
        this.notes = notes;
    }

    /** Reads the file, and the one beside it, if there is one. */
    static TraceInputs read(Path file) {
        SortedMap<String, Tensor> tensors = Safetensors.read(file);
        Path notesFile = file.resolveSibling(file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".json");
        JsonNode notes = Fields.text(notesFile).map(text -> parse(notesFile, text)).orElse(MissingNode.getInstance());
        return new TraceInputs(tensors, notesFile, notes);
    }

    private static JsonNode parse(Path file, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelException(file + ", which stands beside the inputs and may hold their settings, is no valid JSON: "
                    + e.getOriginalMessage() + "; mend it or move it away", e);
        }
    }

    /** Whether there is such a tensor or setting. */
    boolean has(String name) {
        return tensors.containsKey(name) || !note(name).isMissingNode();
    }

    /** A tensor, which counts as taken now. */
    Optional<Tensor> take(String name) {
        taken.add(name);
        return Optional.ofNullable(tensors.get(name));
    }

    /** A setting of whole numbers. */
    Optional<int[]> numbers(String name) {
        Optional<int[]> stored = take(name).map(Tensor::ints);
        if (stored.isPresent() || !has(name)) {
            return stored;
        }
        JsonNode list = note(name);
        if (!list.isArray() || !StreamSupport.stream(list.spliterator(), false)
                .allMatch(number -> number.isIntegralNumber() && number.canConvertToInt())) {
            throw wrong(name, "a list of whole numbers");
        }
        return Optional.of(IntStream.range(0, list.size()).map(i -> list.get(i).intValue()).toArray());
    }

    /** A setting of one number. */
    Optional<Double> number(String name) {
        Optional<Tensor> tensor = take(name);
        if (tensor.isPresent() ? tensor.get().shape().elements() != 1 : has(name) && !note(name).isNumber()) {
            throw wrong(name, "one number");
        }
        return tensor.map(stored -> stored.type().encoding().isInteger() ? (double) stored.ints()[0] : stored.floats()[0])
                .or(() -> has(name) ? Optional.of(note(name).doubleValue()) : Optional.empty());
    }

    /** A setting in words, which only the JSON file can hold. */
    Optional<String> words(String name) {
        if (note(name).isMissingNode()) {
            return Optional.empty();
        }
        if (!note(name).isTextual()) {
            throw wrong(name, "text");
        }
        return Optional.of(note(name).textValue());
    }

    /** The tensors that were not taken. */
    SortedMap<String, Tensor> rest() {
        SortedMap<String, Tensor> rest = new TreeMap<>(tensors);
        rest.keySet().removeAll(taken);
        return rest;
    }

    private JsonNode note(String name) {
        return notes.at("/" + name.replace('.', '/'));
    }

    private ModelException wrong(String name, String what) {
        return new ModelException(name + (tensors.containsKey(name) ? "" : " in " + notesFile) + " should be " + what);
    }
}
