package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.sampling.GenerationRules;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code generation_config.json} and the tokenizer's template ask for. The ids in {@code ref.json} are those of
 * {@code generate} in transformers 5.18, with {@code max_new_tokens} 40.
 */
class GenerationConfigTest {
    private static final Path MODEL = Path.of("src/test/resources/fixtures/generation");
    private static final String PROMPT = "The quick brown fox draws a picture; 42 images!";
    private static final int PROMPT_TOKENS = 26;
    private static final int BEGIN = 356;
    private static final int END = 357;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "greedy | {'eos_token_id': 357, 'do_sample': false}",
            "absent-temp | {'bos_token_id': 356, 'eos_token_id': 357, 'temperature': 0.6, 'top_p': 0.9}",
            "topp0 | {'eos_token_id': 357, 'top_p': 0.0}",
            "topp0 | {'eos_token_id': 357, 'do_sample': true, 'top_p': 0.0}",
            "topk1 | {'eos_token_id': 357, 'do_sample': true, 'top_k': 1}",
            "reppen-absent | {'bos_token_id': 356, 'eos_token_id': 357, 'repetition_penalty': 1.3}",
            "ngram | {'eos_token_id': 357, 'no_repeat_ngram_size': 1}",
            "suppress | {'eos_token_id': 357, 'suppress_tokens': [74, 139]}",
            "beginsuppress | {'eos_token_id': 357, 'begin_suppress_tokens': [74]}",
            "badwords | {'eos_token_id': 357, 'bad_words_ids': [[139, 149]]}",
            "badwords | {'eos_token_id': 357, 'sequence_bias': [[[139, 149], -1000.0]]}",
            "greedy | {'eos_token_id': 357, 'bad_words_ids': [[357]]}",
            "eoslist | {'eos_token_id': [25, 357]}",
            "eos-only-gen | {'eos_token_id': 173}",
            "minnew | {'eos_token_id': [149, 25], 'min_new_tokens': 20}",
            "minnew | {'eos_token_id': [149, 25], 'min_length': 46}",
            "maxnew | {'eos_token_id': 357, 'max_new_tokens': 7}",
            "maxlen | {'eos_token_id': 357, 'max_length': 33}",
            "maxnew | {'eos_token_id': 357, 'max_length': 30, 'max_new_tokens': 7}"})
    void textIsThatOfTheReference(String name, String config) throws IOException {
        boolean ownLimit = config.contains("'max_");
        assertThat(complete(config.replace('\'', '"'), PROMPT, ownLimit).ids())
                .isEqualTo(list(JSON.readTree(MODEL.resolve("ref.json").toFile()).get(name)));
    }

    @Test
    void configurationsSayWhatIsNotFollowed() throws IOException {
        JsonNode file = JSON.readTree("""
                {"num_beams": 4, "penalty_alpha": 0.6, "forced_eos_token_id": 3, "guidance_scale": 2, "stop_strings": ["x"],
                 "of_tomorrow": 1, "num_return_sequences": 1, "diversity_penalty": 0.0, "token_healing": false,
                 "watermarking_config": null, "cache_config": {"a": 1}, "do_sample": true, "top_k": 5}""");
        assertThat(GenerationRules.read(file, false).notFollowed()).containsExactly("num_beams", "penalty_alpha",
                "forced_eos_token_id", "guidance_scale", "stop_strings", "of_tomorrow");
        assertThat(GenerationRules.read(file, true).notFollowed()).doesNotContain("guidance_scale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"suppress_tokens\": \"all\"}", "{\"bad_words_ids\": [3]}", "{\"min_length\": -1}",
            "{\"typical_p\": 0}", "{\"sequence_bias\": [[[1], \"x\"]]}", "{\"no_repeat_ngram_size\": 1.5}"})
    void whatIsNoRuleIsRefusedWithItsName(String config) throws IOException {
        String name = JSON.readTree(config).fieldNames().next();
        assertThatThrownBy(() -> complete(config, PROMPT, false)).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("generation_config.json of the model in ").hasMessageContaining(name + " should be ");
    }

    @Test
    void samplingIsThatOfTransformersWhereNothingElseIsSaid() throws IOException {
        try (OpenModel model = open("{\"do_sample\": true}", json -> { })) {
            Sampling sampling = model.sampling(Goal.CONTINUATION);
            assertThat(sampling).isEqualTo(Sampling.builder().temperature(1).topK(50).build());
        }
    }

    @Test
    void aModelThatForbidsEverythingIsRefused() {
        String all = IntStream.range(0, 362).boxed().toList().toString();
        assertThatThrownBy(() -> complete("{\"suppress_tokens\": " + all + "}", PROMPT, false))
                .isInstanceOf(ModelException.class).hasMessageStartingWith("no token is left that could follow");
    }

    @Test
    void aPromptAsLongAsTheModelAllowsIsRefused() {
        assertThatThrownBy(() -> complete("{\"max_length\": 26}", PROMPT, true)).isInstanceOf(ModelException.class)
                .hasMessageContaining("takes 26 tokens, but max_length");
    }

    @Test
    void specialTokensAreThoseOfTheTemplate() throws IOException {
        assertThat(prompt(json -> { }).subList(0, 1)).containsExactly(BEGIN);
        List<Integer> plain = prompt(json -> json.remove("post_processor"));
        assertThat(plain).hasSize(PROMPT_TOKENS - 1).doesNotContain(BEGIN);
        List<Integer> ended = prompt(json -> {
            ObjectNode template = json.putObject("post_processor").put("type", "TemplateProcessing");
            template.putArray("single").addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            ((ArrayNode) template.get("single")).addObject().putObject("SpecialToken")
                    .put("id", "<|end_of_text|>").put("type_id", 0);
            template.set("pair", template.get("single"));
            ObjectNode special = template.putObject("special_tokens").putObject("<|end_of_text|>").put("id", "<|end_of_text|>");
            special.putArray("ids").add(END);
            special.putArray("tokens").add("<|end_of_text|>");
        });
        assertThat(ended.getLast()).isEqualTo(END);
        assertThat(ended.subList(0, ended.size() - 1)).isEqualTo(plain);
    }

    /** As in transformers, where they replace the template. */
    @Test
    void flagsOfTheTokenizersConfigurationReplaceItsTemplate() throws IOException {
        List<Integer> plain = prompt(json -> json.remove("post_processor"));
        ObjectNode config = (ObjectNode) JSON.readTree(MODEL.resolve("tokenizer_config.json").toFile());
        config.put("add_bos_token", false).put("add_eos_token", true);
        try (OpenModel model = open("{}", json -> { }, config)) {
            List<Integer> prompt = model.answer(request(model.sampling(Goal.CONTINUATION).withMaxTokens(1))).prompt();
            assertThat(prompt.subList(0, prompt.size() - 1)).isEqualTo(plain);
            assertThat(prompt.getLast()).isEqualTo(END);
        }
    }

    @Test
    void anEmptyPromptNeedsABegin() throws IOException {
        assertThat(complete("{}", "", false).prompt()).containsExactly(BEGIN);
        try (OpenModel model = open("{}", json -> json.remove("post_processor"))) {
            assertThatThrownBy(() -> model.answer(new Request(List.of(new Text("")), Goal.CONTINUATION, Sampling.GREEDY)))
                    .isInstanceOf(ModelException.class).hasMessageStartingWith("there is nothing for model ")
                    .hasMessageEndingWith("hand in some text");
        }
    }

    @Test
    void aTokenizerThatIsTooLargeForTheModelIsRefused() throws IOException {
        Consumer<ObjectNode> large = json -> {
            ObjectNode token = json.path("added_tokens").get(0).deepCopy();
            ((ArrayNode) json.path("added_tokens")).add(token.put("content", "<|large|>").put("id", 400));
            ((ObjectNode) json.path("model").path("vocab")).put("<|large|>", 400);
        };
        try (OpenModel model = open("{}", large)) {
            assertThatThrownBy(() -> model.answer(new Request(List.of(new Text("<|large|>")), Goal.CONTINUATION, Sampling.GREEDY)))
                    .isInstanceOf(ModelException.class).hasMessageContaining("gives the id 400").hasMessageContaining("has 362");
        }
    }

    private List<Integer> prompt(Consumer<ObjectNode> change) throws IOException {
        try (OpenModel model = open("{}", change)) {
            return model.answer(request(model.sampling(Goal.CONTINUATION).withMaxTokens(1))).prompt();
        }
    }

    private Answer complete(String config, String prompt, boolean ownLimit) throws IOException {
        try (OpenModel model = open(config, json -> { })) {
            Sampling sampling = model.sampling(Goal.CONTINUATION).withSeed(1);
            return model.answer(new Request(List.of(new Text(prompt)), Goal.CONTINUATION,
                    ownLimit ? sampling : sampling.withMaxTokens(40)));
        }
    }

    private static Request request(Sampling sampling) {
        return new Request(List.of(new Text(PROMPT)), Goal.CONTINUATION, sampling);
    }

    private OpenModel open(String config, Consumer<ObjectNode> change) throws IOException {
        return open(config, change, JSON.readTree(MODEL.resolve("tokenizer_config.json").toFile()));
    }

    private OpenModel open(String config, Consumer<ObjectNode> change, JsonNode tokenizerConfig) throws IOException {
        Path model = Files.createTempDirectory(folder, "model");
        Files.copy(MODEL.resolve("model.safetensors"), model.resolve("model.safetensors"));
        Files.copy(MODEL.resolve("config.json"), model.resolve("config.json"));
        Files.writeString(model.resolve("generation_config.json"), config);
        ObjectNode tokenizer = (ObjectNode) JSON.readTree(MODEL.resolve("tokenizer.json").toFile());
        change.accept(tokenizer);
        JSON.writeValue(model.resolve("tokenizer.json").toFile(), tokenizer);
        JSON.writeValue(model.resolve("tokenizer_config.json").toFile(), tokenizerConfig);
        return new Workshop().withAllFamilies().open(model);
    }

    private static List<Integer> list(JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false).map(JsonNode::intValue).toList();
    }
}
