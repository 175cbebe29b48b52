package org.intarsia.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.intarsia.engine.api.Sampling;
import org.junit.jupiter.api.Test;

/** Each processor alone, and a chain, as transformers and OpenAI's formula compute them. */
class ReferenceProcessorsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/fixtures/sampling/processors.json");

    private final JsonNode golden;
    private final float[] logits;
    private final TokenHistory history;

    ReferenceProcessorsTest() throws IOException {
        golden = new ObjectMapper().readTree(GOLDEN.toFile());
        List<Double> scores = numbers(golden.path("logits"));
        logits = new float[scores.size()];
        IntStream.range(0, logits.length).forEach(i -> logits[i] = scores.get(i).floatValue());
        history = new TokenHistory(numbers(golden.path("prompt")).stream().map(Double::intValue).toList());
        numbers(golden.path("answer")).forEach(id -> history.add(id.intValue()));
    }

    private static List<Double> numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(value -> value.isNull() ? Double.NEGATIVE_INFINITY : value.doubleValue()).toList();
    }

    private static Sampling sampling(JsonNode setting) {
        Map<Integer, Double> biases = new TreeMap<>();
        setting.path("logitBias").properties().forEach(bias -> biases.put(Integer.valueOf(bias.getKey()), bias.getValue().doubleValue()));
        return Sampling.builder().temperature(setting.path("temperature").asDouble(1)).topK(setting.path("topK").asInt(0))
                .topP(setting.path("topP").asDouble(1)).minP(setting.path("minP").asDouble(0))
                .repetitionPenalty(setting.path("repetitionPenalty").asDouble(1))
                .presencePenalty(setting.path("presencePenalty").asDouble(0))
                .frequencyPenalty(setting.path("frequencyPenalty").asDouble(0)).logitBias(biases).build();
    }

    private Candidates process(JsonNode setting) {
        Candidates candidates = new Candidates(logits, IntStream.range(0, logits.length).toArray());
        ProcessorChain.of(sampling(setting), GenerationRules.NONE, id -> false).process(candidates, history);
        return candidates;
    }

    /** Scores may differ by a common number: temperature measures them from the best one. */
    @Test
    void eachProcessorGivesTheReferencesScores() {
        List<String> references = new ArrayList<>();
        for (JsonNode known : golden.path("cases")) {
            references.add(known.path("reference").textValue());
            Candidates candidates = process(known.path("setting"));
            List<Double> expected = numbers(known.path("scores"));
            double best = expected.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
            double top = candidates.score(candidates.best());
            for (int id = 0; id < logits.length; id++) {
                assertThat(candidates.score(id) - top).as(known.path("setting") + ", token " + id)
                        .isCloseTo(expected.get(id) - best, within(1e-5));
            }
        }
        assertThat(references).hasSize(11).contains("SequenceBiasLogitsProcessor", "MinPLogitsWarper", "OpenAI's formula");
    }

    @Test
    void theChainGivesTheReferencesProbabilities() {
        Candidates candidates = process(golden.path("chain").path("setting"));
        candidates.normalize();
        List<Double> expected = numbers(golden.path("chain").path("probabilities"));
        for (int id = 0; id < logits.length; id++) {
            assertThat(candidates.weights()[id]).as("token " + id).isCloseTo(expected.get(id), within(1e-5));
        }
    }
}
