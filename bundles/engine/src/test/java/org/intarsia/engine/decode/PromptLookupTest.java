package org.intarsia.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.sampling.TokenHistory;
import org.junit.jupiter.api.Test;

/** What is drafted, and which of it is accepted. */
class PromptLookupTest {

    private static TokenHistory history(Integer... ids) {
        return new TokenHistory(List.of(ids));
    }

    @Test
    void whatFollowedTheLongestRunOfLastTokensIsDrafted() {
        assertThat(new PromptLookup(3).propose(history(1, 2, 3, 4, 5, 9, 2, 3, 8, 8, 1, 2, 3), 10)).as("behind 1 2 3")
                .containsExactly(4, 5, 9);
        assertThat(new PromptLookup(2).propose(history(7, 2, 3, 4, 5, 6, 2, 3, 8, 9, 1, 2, 3), 10)).as("the later 2 3")
                .containsExactly(8, 9);
    }

    @Test
    void aTextThatRepeatsItselfGoesOnRepeating() {
        assertThat(new PromptLookup(5).propose(history(4, 1, 2, 1, 2), 10)).containsExactly(1, 2, 1, 2, 1);
        assertThat(new PromptLookup(4).propose(history(6, 6, 6), 10)).containsExactly(6, 6, 6, 6);
    }

    @Test
    void nothingIsDraftedBehindNewTokensAndWhereADraftHasNoRoom() {
        assertThat(new PromptLookup(3).propose(history(1, 2, 3, 4), 10)).isEmpty();
        assertThat(new PromptLookup(3).propose(history(1, 2, 1, 3, 1), 10)).as("one token alone").isEmpty();
        assertThat(new PromptLookup(3).propose(history(1), 10)).isEmpty();
        assertThat(new PromptLookup(3).propose(history(1, 2, 1, 2), 3)).isEmpty();
        assertThat(new PromptLookup(3).propose(history(1, 2, 1, 2), 4)).containsExactly(1, 2, 1);
    }

    /** Scores whose best token is the given one. */
    private static List<float[]> logits(int... best) {
        List<float[]> logits = new ArrayList<>();
        for (int id : best) {
            float[] scores = new float[10];
            scores[id] = 1;
            logits.add(scores);
        }
        return logits;
    }

    private static List<Integer> accepted(int end, int[] proposed, List<float[]> logits) {
        List<Integer> accepted = new ArrayList<>();
        new PromptLookup(3).accept(proposed, logits, new DecodingLoop.Target() {
            @Override
            public int choose(float[] scores) {
                int best = 0;
                while (scores[best] == 0) {
                    best++;
                }
                return best;
            }

            @Override
            public boolean accept(int id, float[] scores) {
                accepted.add(id);
                return id != end;
            }
        });
        return accepted;
    }

    @Test
    void tokensAreAcceptedUpToTheFirstThatWasNotDrafted() {
        assertThat(accepted(0, new int[] {4, 5, 6}, logits(4, 5, 6, 7))).containsExactly(4, 5, 6, 7);
        assertThat(accepted(0, new int[] {4, 5, 6}, logits(4, 8, 6, 7))).containsExactly(4, 8);
        assertThat(accepted(0, new int[] {4, 5, 6}, logits(9, 5, 6, 7))).containsExactly(9);
        assertThat(accepted(5, new int[] {4, 5, 6}, logits(4, 5, 6, 7))).as("5 ends the text").containsExactly(4, 5);
    }

    @Test
    void oneTokenIsAcceptedWhereTheDraftWasNotRun() {
        assertThat(accepted(0, new int[] {4, 5, 6}, logits(4))).containsExactly(4);
        assertThat(accepted(0, new int[0], logits(4))).containsExactly(4);
    }
}
