package org.intarsia.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.engine.Presented;
import org.intarsia.engine.Workshop;
import org.intarsia.engine.pipeline.Presentation;
import org.intarsia.graph.Shape;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The warning about keys that nothing here follows. */
class UnfollowedTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "llama-bf16", "llama-tied", "chameleon-7b", "chameleon-30b", "janus", "emu3", "qwen2", "qwen3",
        "mistral", "gemma2", "gemma3"})
    void aModelThatAsksForNothingElseIsSilent(String name) {
        try (Presented files = Presented.open(Workshop.FIXTURES.resolve(name))) {
            assertThat(files.notFollowed()).isEmpty();
        }
    }

    @Test
    void soIsTheModelInTheBox() throws IOException {
        Path model = Path.of("../model.picturebook/model");
        try (Stream<Path> found = Files.walk(Path.of("../model.picturebook"))) {
            model = found.filter(path -> path.endsWith("generation_config.json") && !path.toString().contains("target"))
                    .findFirst().orElseThrow().getParent();
        }
        assertThat(new Presentation(new Workshop().registry, SmallFiles.in(model), "picturebook").notFollowed()).isEmpty();
    }

    @Test
    void oneLineNamesEveryKeyOfEveryFile() throws IOException {
        copy("janus");
        change("config.json", config -> {
            config.put("thinks", true);
            config.putObject("text_config").put("hidden_size", 1).put("turns\u001b[31m", 2).putNull("nothing");
            config.putObject("_internal").put("x", 1);
        });
        change("generation_config.json", config -> config.put("num_beams", 4));
        change("tokenizer_config.json", config -> config.put("reverse", true));
        change("processor_config.json", config -> config.putObject("image_processor").put("do_flip", true));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        try (Presented files = Presented.open(folder)) {
            assertThat(files.notFollowed()).contains("config.json asks for 'text_config.turns\\u001b[31m', 'thinks';"
                    + " processor_config.json asks for 'image_processor.do_flip'; tokenizer_config.json asks for 'reverse';"
                    + " generation_config.json asks for 'num_beams'; adapter_config.json asks for an"
                    + " adapter ('LORA') over the weights: none of this is followed");
        }
    }

    @Test
    void oneKeyIsOneClause() throws IOException {
        copy("llama-tied");
        change("config.json", config -> config.put("mixes", 0.5));
        try (Presented files = Presented.open(folder)) {
            assertThat(files.notFollowed()).contains("config.json asks for 'mixes', which is not followed");
        }
    }

    /** A key that is listed as read and is not would be ignored in silence. */
    @Test
    void everyKeyThatIsListedAsReadStandsInTheSources() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (String bundle : List.of("model.api", "families", "tokenizer", "vision.encoder", "transformer.core", "image.decoder", "engine")) {
            try (Stream<Path> files = Files.walk(Path.of("..", bundle, "src", "main", "java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    sources.append(Files.readString(file));
                }
            }
        }
        List<String> used = new ArrayList<>();
        for (String bundle : List.of("model.api", "families")) {
            try (Stream<Path> files = Files.walk(Path.of("..", bundle, "src", "main", "resources"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
                    new ObjectMapper().readTree(file.toFile()).findValues("used")
                            .forEach(names -> names.forEach(name -> used.add(name.asText())));
                }
            }
        }
        assertThat(used).hasSizeGreaterThan(100).allSatisfy(name -> assertThat(sources).contains('"' + name + '"'));
    }

    @Test
    void namesTheMetadataOfAGgufFile() {
        Path file = folder.resolve("model.gguf");
        TensorWriter.gguf(file, List.of(TensorSource.of(Tensor.of("token_embd.weight", Shape.of(1, 8), new float[8]))),
                Metadata.of(Map.of("general.architecture", "llama", "general.name", "x", "llama.embedding_length", 8,
                        "llama.mixing", 3))).write();
        try (Presented files = Presented.open(file)) {
            assertThat(files.notFollowed()).contains("its metadata asks for 'llama.mixing', which is not followed");
        }
    }

    private void copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(Workshop.FIXTURES.resolve(name))) {
            for (Path file : files.filter(path -> path.toString().matches(".*(config\\.json|model.*\\.safetensors)")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private interface Change {
        void on(ObjectNode config);
    }

    private void change(String fileName, Change change) throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(folder.resolve(fileName).toFile());
        change.on(config);
        Files.writeString(folder.resolve(fileName), config.toString());
    }
}
