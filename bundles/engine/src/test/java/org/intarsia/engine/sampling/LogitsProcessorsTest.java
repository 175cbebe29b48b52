package org.intarsia.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Distributions whose entropy can be written down, and processors where the reference's ids do not tell them apart. */
class LogitsProcessorsTest {
    private static final TokenHistory NOTHING = new TokenHistory(List.of());

    /** Information 0.92, 1.2, 1.6 and 2.3 nats; entropy 1.28: the second is nearest, then the first, then the third. */
    @Test
    void typicalTokensAreThoseNearestToTheEntropy() {
        assertThat(typical(0.2)).containsExactly(0, 0.3, 0, 0);
        assertThat(typical(0.5)).containsExactly(0, 0.3, 0.2, 0);
        assertThat(typical(0.6)).containsExactly(0.4, 0.3, 0.2, 0);
        assertThat(typical(0.95)).containsExactly(0.4, 0.3, 0.2, 0.1);
    }

    private static double[] typical(double mass) {
        return left(new TypicalP(mass), 0.4, 0.3, 0.2, 0.1);
    }

    /** The probabilities of the tokens that a processor keeps, as they were; 0 for the others. */
    private static double[] left(LogitsProcessor processor, double... probabilities) {
        float[] logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        Candidates candidates = new Candidates(logits, IntStream.range(0, logits.length).toArray());
        processor.process(candidates, NOTHING);
        return IntStream.range(0, logits.length).mapToDouble(i -> candidates.weights()[i] == 0 ? 0 : probabilities[i]).toArray();
    }

    /** What a processor makes of scores. */
    private static double[] scores(LogitsProcessor processor, TokenHistory history, float... logits) {
        Candidates candidates = new Candidates(logits, IntStream.range(0, logits.length).toArray());
        processor.process(candidates, history);
        return IntStream.range(0, logits.length).mapToDouble(candidates::score).toArray();
    }

    @Test
    void removedTokensHaveNoPartInTheEntropy() {
        Candidates candidates = new Candidates(new float[] {1, 1, Float.NEGATIVE_INFINITY}, new int[] {0, 1, 2});
        candidates.normalize();
        assertThat(candidates.entropy()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(left(new TypicalP(0.9), 0.5, 0.5, 0)).containsExactly(0.5, 0.5, 0);
    }

    @Test
    void epsilonKeepsTheBest() {
        assertThat(left(new ProbabilityCutoff(0.25, false), 0.4, 0.3, 0.2, 0.1)).containsExactly(0.4, 0.3, 0, 0);
        assertThat(left(new ProbabilityCutoff(0.9, false), 0.2, 0.2, 0.35, 0.25)).containsExactly(0, 0, 0.35, 0);
    }

    /** Entropy log 4, so the limit is the smaller of 0.09 and 0.3 / 4. */
    @Test
    void etaFallsWithTheEntropy() {
        assertThat(left(new ProbabilityCutoff(0.09, true), 0.25, 0.25, 0.25, 0.25)).containsExactly(0.25, 0.25, 0.25, 0.25);
        assertThat(left(new ProbabilityCutoff(0.09, true), 0.9, 0.08, 0.02)).containsExactly(0.9, 0, 0);
    }

    @Test
    void runsThatWereThereAreNotCompletedAgain() {
        TokenHistory history = new TokenHistory(List.of(1, 2, 3, 1));
        history.add(4);
        history.add(1);
        assertThat(scores(new NoRepeatNgram(2, false), history, 0, 0, 0, 0, 0)).as("behind 1 came 2 and 4")
                .containsExactly(0, 0, Double.NEGATIVE_INFINITY, 0, Double.NEGATIVE_INFINITY);
        assertThat(scores(new NoRepeatNgram(2, true), history, 0, 0, 0, 0, 0)).as("in the prompt only 2")
                .containsExactly(0, 0, Double.NEGATIVE_INFINITY, 0, 0);
        assertThat(scores(new NoRepeatNgram(9, false), history, 0, 0, 0, 0, 0)).containsOnly(0);
    }

    @Test
    void penaltiesOfThePromptRaiseItsTokens() {
        TokenHistory history = new TokenHistory(List.of(0, 1));
        history.add(2);
        assertThat(scores(RepetitionPenalty.ofPrompt(2), history, 1, -1, 1, 1)).containsExactly(2, -0.5, 1, 1);
    }
}
