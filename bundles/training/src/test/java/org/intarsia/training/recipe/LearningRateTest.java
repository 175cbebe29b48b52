package org.intarsia.training.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateTest {
    private final Recipe.StagePart stage = new Recipe.StagePart(
            List.of(new Recipe.Cycle(1000, 0.001), new Recipe.Cycle(500, 0.0004)), 8, 0.1, 0, 1, "exact");
    private final LearningRate rate = LearningRate.of(stage, 1500);

    @Test
    void risesEvenlyThenFallsToAHundredth() {
        assertThat(rate.at(0)).isCloseTo(0.00001, within(1e-9));
        assertThat(rate.at(49)).isCloseTo(0.0005, within(1e-9));
        assertThat(rate.at(100)).isCloseTo(0.001, within(1e-9));
        assertThat(rate.at(550)).isCloseTo(0.001 * (0.01 + 0.99 / 2), within(1e-9));
        assertThat(rate.at(999)).isCloseTo(0.00001, within(1e-7));
    }

    @Test
    void eachCycleBeginsAnew() {
        assertThat(rate.at(1000)).isCloseTo(0.0004 / 50, within(1e-9));
        assertThat(rate.at(1050)).isCloseTo(0.0004, within(1e-9));
        assertThat(rate.at(1500)).isCloseTo(0.000004, within(1e-9));
    }

    @Test
    void fewerStepsThanTheRecipeSaysAreOneCycle() {
        assertThat(LearningRate.of(stage, 100).at(10)).isCloseTo(0.001, within(1e-9));
        assertThat(LearningRate.of(stage, 100).at(100)).isCloseTo(0.00001, within(1e-9));
    }
}
