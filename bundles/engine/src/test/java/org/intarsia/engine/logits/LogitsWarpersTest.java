package org.intarsia.engine.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Distributions whose entropy can be written down, and processors where the reference's ids do not tell them apart. */
class LogitsWarpersTest {

    /** Information 0.92, 1.2, 1.6 and 2.3 nats; entropy 1.28: the second is nearest, then the first, then the third. */
    @Test
    void typicalTokensAreThoseNearestToTheEntropy() {
        assertThat(typical(0.2)).containsExactly(0, 0.3, 0, 0);
        assertThat(typical(0.5)).containsExactly(0, 0.3, 0.2, 0);
        assertThat(typical(0.6)).containsExactly(0.4, 0.3, 0.2, 0);
        assertThat(typical(0.95)).containsExactly(0.4, 0.3, 0.2, 0.1);
    }

    private static double[] typical(double mass) {
        double[] probabilities = {0.4, 0.3, 0.2, 0.1};
        new TypicalP(mass).warp(probabilities);
        return probabilities;
    }

    @Test
    void removedTokensHaveNoPartInTheEntropy() {
        double[] probabilities = {0.5, 0.5, 0};
        assertThat(Entropy.of(probabilities)).isCloseTo(Math.log(2), within(1e-12));
        new TypicalP(0.9).warp(probabilities);
        assertThat(probabilities).containsExactly(0.5, 0.5, 0);
    }

    @Test
    void epsilonKeepsTheBest() {
        double[] probabilities = {0.4, 0.3, 0.2, 0.1};
        new ProbabilityCutoff(0.25, false).warp(probabilities);
        assertThat(probabilities).containsExactly(0.4, 0.3, 0, 0);
        double[] even = {0.2, 0.2, 0.35, 0.25};
        new ProbabilityCutoff(0.9, false).warp(even);
        assertThat(even).containsExactly(0, 0, 0.35, 0);
    }

    /** Entropy log 4, so the limit is the smaller of 0.09 and 0.3 / 4. */
    @Test
    void etaFallsWithTheEntropy() {
        double[] probabilities = {0.25, 0.25, 0.25, 0.25};
        new ProbabilityCutoff(0.09, true).warp(probabilities);
        assertThat(probabilities).containsExactly(0.25, 0.25, 0.25, 0.25);
        double[] peaked = {0.9, 0.08, 0.02};
        new ProbabilityCutoff(0.09, true).warp(peaked);
        assertThat(peaked).containsExactly(0.9, 0, 0);
    }

    @Test
    void runsThatWereThereAreNotCompletedAgain() {
        TokenHistory history = new TokenHistory(List.of(1, 2, 3, 1));
        history.add(4);
        history.add(1);
        double[] scores = new double[5];
        int[] allowed = {0, 1, 2, 3, 4};
        new NoRepeatNgram(2, false).process(scores, allowed, history);
        assertThat(scores).as("behind 1 came 2 and 4").containsExactly(0, 0, Double.NEGATIVE_INFINITY, 0, Double.NEGATIVE_INFINITY);
        scores = new double[5];
        new NoRepeatNgram(2, true).process(scores, allowed, history);
        assertThat(scores).as("in the prompt only 2").containsExactly(0, 0, Double.NEGATIVE_INFINITY, 0, 0);
        scores = new double[5];
        new NoRepeatNgram(9, false).process(scores, allowed, history);
        assertThat(scores).containsOnly(0);
    }

    @Test
    void penaltiesOfThePromptRaiseItsTokens() {
        TokenHistory history = new TokenHistory(List.of(0, 1));
        history.add(2);
        double[] scores = {1, -1, 1, 1};
        RepetitionPenalty.ofPrompt(2).process(scores, new int[] {0, 1, 2, 3}, history);
        assertThat(scores).containsExactly(2, -0.5, 1, 1);
    }
}
