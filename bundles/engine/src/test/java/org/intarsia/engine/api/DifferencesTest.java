package org.intarsia.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.intarsia.model.api.Image;
import org.junit.jupiter.api.Test;

/** Where answers part. */
class DifferencesTest {
    private static final Image GREY = new Image(1, 1, new byte[] {100, 100, 100});
    private static final Image LIGHTER = new Image(1, 1, new byte[] {100, (byte) 200, 100});

    @Test
    void theFirstTokenThatDiffersIsFound() {
        assertThat(Differences.firstToken(List.of(1, 2, 3), List.of(1, 2, 3))).isEmpty();
        assertThat(Differences.firstToken(List.of(1, 2, 3), List.of(1, 9, 9))).hasValue(1);
        // Above 127, where boxed numbers are no longer the same object.
        assertThat(Differences.firstToken(List.of(60_000, 1), List.of(60_000, 2))).hasValue(1);
    }

    @Test
    void aTextThatGoesOnDiffersWhereTheOtherEnds() {
        assertThat(Differences.firstToken(List.of(1, 2), List.of(1, 2, 3))).hasValue(2);
        assertThat(Differences.firstToken(List.of(1, 2, 3), List.of())).hasValue(0);
    }

    @Test
    void coloursAreComparedAsNumbersFromZero() {
        assertThat(Differences.colours(GREY, GREY)).isZero();
        assertThat(Differences.colours(List.of(GREY, GREY), List.of(GREY, LIGHTER))).isEqualTo(100);
        assertThat(Differences.colours(GREY, new Image(1, 2, new byte[6]))).isEqualTo(255);
        assertThat(Differences.colours(List.of(GREY), List.of())).isEqualTo(255);
    }
}
