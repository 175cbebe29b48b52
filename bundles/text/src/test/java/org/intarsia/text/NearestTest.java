package org.intarsia.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KNOWN = List.of("imagine", "describe", "complete", "models", "components");

    @ParameterizedTest
    @CsvSource({"imagne, imagine", "imaigne, imagine", "descirbe, describe", "model, models", "comp, complete"})
    void findsWhatWasMeant(String given, String meant) {
        assertThat(Nearest.question(given, KNOWN)).isEqualTo("; did you mean " + meant + "?");
    }

    @Test
    void doesNotGuess() {
        assertThat(Nearest.question("paint", KNOWN)).isEmpty();
        assertThat(Nearest.question("x", KNOWN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, ab, 1", "'', abc, 3", "kitten, sitting, 3"})
    void countsLetters(String from, String to, int distance) {
        assertThat(Nearest.distance(from, to)).isEqualTo(distance);
        assertThat(Nearest.distance(to, from)).isEqualTo(distance);
    }
}
