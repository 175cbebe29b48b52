package org.intarsia.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    private final LearningRate rate = new LearningRate(0.001, 1000, 0.1);

    @Test
    void risesEvenlyThenFallsToAHundredth() {
        assertThat(rate.at(0)).isCloseTo(0.00001, within(1e-9));
        assertThat(rate.at(49)).isCloseTo(0.0005, within(1e-9));
        assertThat(rate.at(100)).isCloseTo(0.001, within(1e-9));
        assertThat(rate.at(550)).isCloseTo(0.001 * (0.01 + 0.99 / 2), within(1e-9));
        assertThat(rate.at(1000)).isCloseTo(0.00001, within(1e-9));
    }
}
