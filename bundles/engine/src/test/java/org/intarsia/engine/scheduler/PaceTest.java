package org.intarsia.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Steps of a machine that is slow at first, and noisy: a fixed time, one for each stream, one for each token of prompts. */
class PaceTest {
    private static final double FIXED = 2e6;
    private static final double STREAM = 5e5;
    private static final double TOKEN = 2e5;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Pace pace = new Pace();

    private static double nanos(int generating, int prompts) {
        return FIXED + STREAM * generating + TOKEN * prompts;
    }

    /** Runs steps as long as prompts wait, and returns the tokens of prompts in the last step that had any. */
    private int run(int steps, int generating, double slowness) {
        int last = 0;
        for (int i = 0; i < steps; i++) {
            int prompts = pace.prompts();
            pace.took((long) (slowness * nanos(generating, prompts) * random.nextDouble(0.9, 1.1)), generating, prompts);
            last = prompts == 0 ? last : prompts;
        }
        return last;
    }

    @Test
    void aStepBesidePromptsTakesAboutTwiceAsLong() {
        int prompts = run(200, 10, 1);

        assertThat(nanos(10, prompts) / nanos(10, 0)).isBetween(1.5, 2.1);
    }

    @Test
    void itFollowsTheNumberOfStreams() {
        run(200, 4, 1);
        int prompts = run(200, 80, 1);

        assertThat(nanos(80, prompts) / nanos(80, 0)).isBetween(1.5, 2.1);
    }

    /** Code runs many times slower until it is compiled. */
    @Test
    void aSlowBeginIsForgotten() {
        run(40, 10, 50);
        int prompts = run(200, 10, 1);

        assertThat(nanos(10, prompts) / nanos(10, 0)).isBetween(1.5, 2.1);
    }

    @Test
    void theFirstStepTellsWhatIsUsual() {
        assertThat(pace.prompts()).isZero();
        pace.took(1_000_000, 1, 0);
        assertThat(pace.prompts()).isPositive();
    }

    /** Short prompts do not tell what long ones would take. */
    @Test
    void shortPromptsChangeNothing() {
        run(200, 10, 1);
        int before = pace.prompts();
        for (int i = 0; i < 10; i++) {
            pace.took((long) nanos(10, 1), 10, 1);
        }
        pace.took((long) nanos(10, 0), 10, 0);

        assertThat(pace.prompts()).isEqualTo(before);
    }
}
