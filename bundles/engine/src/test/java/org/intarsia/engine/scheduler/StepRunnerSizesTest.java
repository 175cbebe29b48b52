package org.intarsia.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Steps have few sizes, none much larger than what is read. */
class StepRunnerSizesTest {
    private static final int MOST = 500;

    @Test
    void fewSizesAndLittlePadding() {
        int[] sizes = IntStream.rangeClosed(1, MOST).map(tokens -> StepRunner.padded(tokens, MOST)).toArray();
        for (int i = 0; i < sizes.length; i++) {
            int tokens = i + 1;
            assertThat(sizes[i]).as("for " + tokens).isBetween(tokens, Math.min(MOST, tokens + tokens / 4));
        }
        assertThat(IntStream.of(sizes).distinct().count()).isLessThanOrEqualTo(36);
        assertThat(IntStream.of(sizes).boxed().toList()).isSorted();
    }
}
