package org.intarsia.engine.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.sampling.Sampler;
import org.intarsia.engine.sampling.TokenHistory;
import org.intarsia.model.api.ModelException;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference's probabilities, and draws that repeat. */
class SamplerTest {
    private static final Path GOLDEN = Path.of("src/test/resources/fixtures/sampling");
    /** Temperature 1 and nothing else. */
    private static final Sampling PLAIN = Sampling.builder().temperature(1).build();

    private static final TokenHistory NOTHING = new TokenHistory(List.of());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void probabilitiesAreThoseOfTheReference(int chain) throws IOException {
        Map<String, Tensor> golden = Safetensors.read(GOLDEN.resolve("golden.safetensors"));
        JsonNode notes = new ObjectMapper().readTree(GOLDEN.resolve("golden.json").toFile());
        Sampling sampling = SamplingTrace.sampling("chain", notes.path("chains").path(chain).asText());
        float[] logits = golden.get("logits").floats();
        TokenHistory seen = new TokenHistory(IntStream.of(golden.get("input_ids").ints()).boxed().toList());

        double[] probabilities = new Sampler(sampling).probabilities(logits, IntStream.range(0, logits.length).toArray(), seen);

        float[] expected = golden.get("sampling." + chain + ".probs").floats();
        for (int i = 0; i < expected.length; i++) {
            assertThat(probabilities[i]).as("token " + i).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void onlyAllowedTokensAreDrawn() {
        float[] logits = {9, 1, 9, 1.5f, 9};
        Sampler sampler = new Sampler(PLAIN);
        for (int i = 0; i < 100; i++) {
            assertThat(sampler.next(logits, new int[] {1, 3}, NOTHING)).isIn(1, 3);
        }
    }

    @Test
    void temperatureZeroTakesTheBestAndOfEqualOnesTheFirst() {
        assertThat(new Sampler(Sampling.GREEDY).next(new float[] {1, 5, 5}, new int[] {0, 1, 2}, NOTHING)).isEqualTo(1);
    }

    @Test
    void drawsFollowTheProbabilities() {
        // Probabilities 1/4 and 3/4.
        float[] logits = {0, (float) Math.log(3)};
        Sampler sampler = new Sampler(PLAIN.withSeed(7));
        int draws = 20_000;
        long second = IntStream.range(0, draws).filter(i -> sampler.next(logits, new int[] {0, 1}, NOTHING) == 1).count();
        assertThat(second / (double) draws).isBetween(0.74, 0.76);
    }

    @Test
    void equalSeedsGiveEqualDraws() {
        float[] logits = new float[50];
        int[] all = IntStream.range(0, 50).toArray();
        Sampler first = new Sampler(PLAIN.withSeed(1));
        Sampler again = new Sampler(PLAIN.withSeed(1));
        Sampler other = new Sampler(PLAIN.withSeed(2));
        int[] draws = IntStream.range(0, 20).map(i -> first.next(logits, all, NOTHING)).toArray();
        assertThat(IntStream.range(0, 20).map(i -> again.next(logits, all, NOTHING))).containsExactly(box(draws));
        assertThat(IntStream.range(0, 20).map(i -> other.next(logits, all, NOTHING)).toArray()).isNotEqualTo(draws);
    }

    private static Integer[] box(int[] values) {
        return IntStream.of(values).boxed().toArray(Integer[]::new);
    }

    @Test
    void scoresThatAreNoNumbersAreRefused() {
        float[] logits = {Float.NaN, Float.NaN};
        assertThatThrownBy(() -> new Sampler(PLAIN).next(logits, new int[] {0, 1}, NOTHING))
                .isInstanceOf(ModelException.class).hasMessageContaining("no numbers");
    }
}
