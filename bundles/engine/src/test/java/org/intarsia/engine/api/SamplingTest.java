package org.intarsia.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;

/** Values of a sampling, their ranges, and how they are recorded. */
class SamplingTest {
    private static final Sampling ALL = Sampling.builder().temperature(0.7).topK(40).topP(0.9).minP(0.05).repetitionPenalty(1.1)
            .presencePenalty(-2).frequencyPenalty(2).logitBias(Map.of(5, -100.0, 3, 100.0)).guidance(3, 1.2).seed(9).maxTokens(64).build();

    @Test
    void aBuilderBeginsWithGreedyDecodingOrWithWhatItIsMadeOf() {
        assertThat(Sampling.builder().build()).isEqualTo(Sampling.GREEDY).hasSameHashCodeAs(Sampling.GREEDY);
        assertThat(ALL.toBuilder().build()).isEqualTo(ALL).hasSameHashCodeAs(ALL);
        assertThat(ALL.withSeed(1).withSeed(9)).isEqualTo(ALL);
        assertThat(ALL.withSeed(1)).isNotEqualTo(ALL);
        assertThat(ALL.toBuilder().logitBias(Map.of()).build()).isNotEqualTo(ALL);
        assertThat(ALL.logitBias()).containsExactly(Map.entry(3, 100.0), Map.entry(5, -100.0));
        assertThat(ALL).hasToString("Sampling[temperature=0.7, topK=40, topP=0.9, minP=0.05, repetitionPenalty=1.1, presencePenalty=-2.0,"
                + " frequencyPenalty=2.0, logitBias={3=100.0, 5=-100.0}, guidanceText=3.0, guidanceImage=1.2, seed=9, maxTokens=64]");
    }

    @Test
    void valuesOutOfTheirRangeAreRefused() {
        refused(sampling -> sampling.temperature(-1), "temperature must be 0 or more, not -1.0");
        refused(sampling -> sampling.temperature(Double.NaN), "temperature must be 0 or more, not NaN");
        refused(sampling -> sampling.topK(-1), "top-k must be 0 or more, not -1");
        refused(sampling -> sampling.topP(0), "top-p must be above 0 and at most 1, not 0.0");
        refused(sampling -> sampling.minP(1.5), "min-p must be from 0 to 1, not 1.5");
        refused(sampling -> sampling.repetitionPenalty(0), "the repetition penalty must be above 0, not 0.0");
        refused(sampling -> sampling.presencePenalty(2.1), "the presence penalty must be from -2 to 2, not 2.1");
        refused(sampling -> sampling.frequencyPenalty(-2.1), "the frequency penalty must be from -2 to 2, not -2.1");
        refused(sampling -> sampling.logitBias(Map.of(5, 101.0)), "the logit bias of token 5 must be from -100 to 100, not 101.0");
        refused(sampling -> sampling.logitBias(Map.of(-5, 1.0)), "the tokens of logit bias must be 0 or more, not -5");
        refused(sampling -> sampling.logitBias(IntStream.range(0, 1025).boxed().collect(Collectors.toMap(id -> id, id -> 1.0))),
                "logit bias must name 1024 tokens at most, not 1025");
        refused(sampling -> sampling.guidance(Double.NaN, 1), "guidance for text must be a number, not NaN");
        refused(sampling -> sampling.maxTokens(0), "the number of tokens must be 1 or more, not 0");
    }

    private static void refused(UnaryOperator<Sampling.Builder> wrong, String message) {
        assertThatThrownBy(() -> wrong.apply(Sampling.builder()).build()).isInstanceOf(ModelException.class).hasMessage(message);
    }

    private static String json(Sampling sampling) {
        Origin origin = new Origin("0.1.0", "model", "sha256:0", new TreeMap<>(), List.of());
        return new PictureRecord(origin, "a star", List.of(), sampling, 1, 0, List.of(1), Optional.empty()).json();
    }

    @Test
    void recordsOfBeforeAreReadAndWrittenInTheSameBytes() {
        String before = "\"sampling\":{\"temperature\":0.7,\"topK\":0,\"topP\":0.9,\"repetitionPenalty\":1.0,"
                + "\"guidanceText\":3.0,\"guidanceImage\":1.2,"
                + "\"seed\":7,\"maxTokens\":128}";
        Sampling sampling = Sampling.builder().temperature(0.7).topP(0.9).guidance(3, 1.2).seed(7).build();
        assertThat(json(sampling)).contains(before);
        assertThat(PictureRecord.parse("a.png", json(sampling)).sampling()).isEqualTo(sampling);
    }

    @Test
    void everyValueIsRecorded() {
        assertThat(PictureRecord.parse("a.png", json(ALL)).sampling()).isEqualTo(ALL);
        Sampling longest = ALL.withSeed(Long.MIN_VALUE);
        assertThat(json(longest)).contains("\"seed\":\"-9223372036854775808\"");
        assertThat(PictureRecord.parse("a.png", json(longest)).sampling()).isEqualTo(longest);
    }

    @Test
    void brokenRecordsAreRefusedInOneSentence() {
        String json = json(ALL);
        wrong(json.replace("\"temperature\":0.7,", ""), "temperature of its sampling is no number");
        wrong(json.replace("\"topK\":40", "\"topK\":4000000000"), "topK of its sampling is no whole number, or too large");
        wrong(json.replace("\"seed\":9", "\"seed\":\"nine\""), "seed of its sampling is no whole number, or too large");
        wrong(json.replace("\"minP\"", "\"maxP\""), "its sampling has a value that this version does not know: maxP");
        wrong(json.replace("\"5\":-100.0", "\"five\":1"), "its logit bias names the token 'five', which is no id");
        wrong(json.replace("\"topP\":0.9", "\"topP\":9"), "top-p must be above 0 and at most 1, not 9.0");
    }

    private static void wrong(String json, String cause) {
        assertThatThrownBy(() -> PictureRecord.parse("a.png", json)).isInstanceOf(ModelException.class)
                .hasMessage("the record in a.png cannot be read: " + cause);
    }
}
