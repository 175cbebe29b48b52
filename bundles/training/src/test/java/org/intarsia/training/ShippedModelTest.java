package org.intarsia.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.intarsia.families.ChameleonFamily;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.World;
import org.intarsia.training.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder of the shipped model is what the trainer writes, and has all that transformers' ChameleonProcessor asks of it. */
class ShippedModelTest {
    private static final Path MODEL = Path.of("../model.picturebook/model");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private static JsonNode read(String file) throws IOException {
        return JSON.readTree(MODEL.resolve(file).toFile());
    }

    private static Map<String, JsonNode> addedTokens() throws IOException {
        Map<String, JsonNode> added = new TreeMap<>();
        read("tokenizer.json").path("added_tokens").forEach(token -> added.put(token.path("content").asText(), token));
        return added;
    }

    /** A name that it lacks, the processor writes into the prompt as "None". */
    @ParameterizedTest
    @ValueSource(strings = {"bos_token", "eos_token", "pad_token", "unk_token", "sep_token"})
    void namedTokensAreSpecialOnes(String name) throws IOException {
        String token = read("tokenizer_config.json").path(name).asText();
        assertThat(addedTokens()).containsKey(token);
        assertThat(addedTokens().get(token).path("special").booleanValue()).isTrue();
        assertThat(addedTokens().get(token).path("id")).isEqualTo(read("config.json").path("vocabulary_map").path(token));
    }

    @Test
    void theProcessorFindsItsTokens() throws IOException {
        JsonNode processor = read("processor_config.json");
        assertThat(processor.path("processor_class").asText()).isEqualTo("ChameleonProcessor");
        // Begin and end of a picture stand in the processor's code.
        for (String token : List.of(processor.path("image_token").asText(), "<racm3:break>", "<eoss>")) {
            assertThat(addedTokens()).containsKey(token);
            assertThat(addedTokens().get(token).path("id")).isEqualTo(read("config.json").path("vocabulary_map").path(token));
        }
    }

    @Test
    void thePicturesSizesAreThoseOfTheModel() throws IOException {
        JsonNode vision = read("config.json").path("vq_config");
        int size = vision.path("resolution").intValue();
        int places = size >> vision.path("channel_multiplier").size() - 1;
        JsonNode preprocessor = read("preprocessor_config.json");
        assertThat(read("processor_config.json").path("image_seq_length").intValue()).isEqualTo(places * places);
        assertThat(preprocessor.path("image_processor_type").asText()).isEqualTo("ChameleonImageProcessor");
        assertThat(preprocessor.path("size").path("shortest_edge").intValue()).isEqualTo(size);
        assertThat(preprocessor.path("crop_size").path("height").intValue()).isEqualTo(size);
        assertThat(preprocessor.path("crop_size").path("width").intValue()).isEqualTo(size);
    }

    @Test
    void smallFilesAreThoseThatTheTrainerWrites() throws IOException {
        Recipe recipe = recipe();
        SampleSource source = new SampleSource(World.STANDARD, recipe.seed(), Split.TRAIN, recipe.mixture());
        List<String> words = new ArrayList<>(KnownWords.of(source.texts(0).limit(recipe.tokenizer().texts()), 1));
        List<String> shipped = new ArrayList<>();
        read("known_words.json").path("words").forEach(word -> shipped.add(word.asText()));
        assertThat(shipped).isEqualTo(words);
        assertThat(read("generation_config.json")).isEqualTo(ModelDirectory.generation(recipe));
    }

    /** The family writes the very files that are in the box, byte for byte, from their vocabulary and the recipe. */
    @Test
    void theFamilyWritesTheLayoutThatIsShipped() throws IOException {
        Recipe recipe = recipe();
        JsonNode model = read("tokenizer.json").path("model");
        List<String> tokens = new ArrayList<>();
        model.path("vocab").fieldNames().forEachRemaining(tokens::add);
        tokens.removeAll(addedTokens().keySet());
        List<List<String>> merges = new ArrayList<>();
        model.path("merges").forEach(merge -> merges.add(List.of(merge.get(0).asText(), merge.get(1).asText())));
        assertThat(recipe.family()).isEqualTo(new ChameleonFamily().name());
        new ModelDirectory(folder).write(recipe, new ChameleonFamily().layout().orElseThrow(),
                new BytePairTrainer.Vocabulary(tokens, merges), new TreeSet<>());
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "processor_config.json",
                "preprocessor_config.json")) {
            assertThat(folder.resolve(file)).as(file).hasSameTextualContentAs(MODEL.resolve(file));
        }
    }

    private static Recipe recipe() throws IOException {
        try (InputStream stream = ShippedModelTest.class.getResourceAsStream("/recipes/picturebook.json")) {
            return Recipe.parse("picturebook", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
