package org.intarsia.engine.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;
import org.intarsia.text.Quoted;

/** Says in one sentence what a folder or file is that is no model that can be opened. */
public final class ForeignFiles {
    private static final String KNOWN = "models are folders with config.json and safetensors files, and GGUF files";
    private static final String PICKLES = "weights as PyTorch pickles, which are not read: save them as safetensors";
    private static final Map<String, String> ENDINGS = new LinkedHashMap<>();

    static {
        ENDINGS.put(".bin", PICKLES);
        ENDINGS.put(".pth", PICKLES);
        ENDINGS.put(".pt", PICKLES);
        ENDINGS.put(".ckpt", PICKLES);
        ENDINGS.put(".onnx", "an ONNX graph, which is not read");
        ENDINGS.put(".h5", "weights for Keras, which are not read");
        ENDINGS.put(".msgpack", "weights for Flax, which are not read");
        ENDINGS.put(".tflite", "a graph for TensorFlow Lite, which is not read");
        ENDINGS.put(".engine", "a TensorRT engine, which is not read");
        ENDINGS.put(".mlmodel", "a Core ML model, which is not read");
    }

    private ForeignFiles() {
    }

    /** The refusal of a folder without {@code config.json}. */
    static ModelException withoutConfig(Path directory) {
        if (Files.exists(directory.resolve("model_index.json"))) {
            JsonNode name = Fields.read(Fields.text(directory.resolve("model_index.json")).orElseThrow(),
                    "'" + directory.resolve("model_index.json") + "'").path("_class_name");
            return refusal(directory, "a diffusers pipeline" + (name.isTextual() ? " (" + Quoted.of(name.textValue()) + ")" : "")
                    + ", which is not supported");
        }
        if (Files.exists(directory.resolve("adapter_config.json"))) {
            return refusal(directory, "an adapter without its model; name its base model");
        }
        if (Files.exists(directory.resolve("params.json"))) {
            return refusal(directory, "a model in the layout of its authors (params.json), which is not read: take the one that"
                    + " was converted for transformers");
        }
        List<Path> found = ending(directory, List.of(".gguf"));
        if (!found.isEmpty()) {
            return new ModelException("'" + directory + "' has no config.json; name the GGUF file itself, such as "
                    + Quoted.of(found.getFirst().toString()));
        }
        return foreign(directory).map(what -> refusal(directory, what)).orElseGet(() ->
                new ModelException("the model in " + directory + " has no config.json, which says what it is made of; " + KNOWN));
    }

    /** The refusal of a folder whose weights are in no format that is read; nothing where there are some, or none at all. */
    static Optional<ModelException> withoutWeights(Path directory) {
        return ending(directory, List.of(".safetensors", ".safetensors.index.json", ".gguf")).isEmpty()
                ? foreign(directory).map(what -> refusal(directory, what)) : Optional.empty();
    }

    /** Returns the refusal of a file that is no model. */
    public static ModelException file(Path file) {
        String name = file.getFileName().toString();
        return kind(name).map(what -> new ModelException("'" + file + "' holds " + what + "; " + KNOWN))
                .orElseGet(() -> new ModelException("'" + file + "' is " + (name.endsWith(".safetensors")
                        ? "a file of tensors, which does not say what model it is of: name its folder; " : "no model: ") + KNOWN));
    }

    private static ModelException refusal(Path directory, String what) {
        return new ModelException("'" + directory + "' holds " + what + "; " + KNOWN);
    }

    private static Optional<String> foreign(Path directory) {
        return ending(directory, List.copyOf(ENDINGS.keySet())).stream().findFirst()
                .flatMap(file -> kind(file.getFileName().toString())
                        .map(what -> what.replace(", which", " (" + Quoted.of(file.getFileName().toString()) + "), which")));
    }

    private static Optional<String> kind(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ENDINGS.entrySet().stream().filter(entry -> lower.endsWith(entry.getKey())).map(Map.Entry::getValue).findFirst();
    }

    private static List<Path> ending(Path directory, List<String> endings) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> endings.stream()
                    .anyMatch(file.getFileName().toString().toLowerCase(Locale.ROOT)::endsWith)).sorted().toList();
        } catch (IOException e) {
            throw new ModelException("'" + directory + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
