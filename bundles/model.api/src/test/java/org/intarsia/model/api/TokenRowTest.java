package org.intarsia.model.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenRowTest {
    private static final int PLACEHOLDER = 9;

    /** As transformers' {@code get_rope_index} of Qwen2.5-VL counts them. */
    @Test
    void wordsStandBehindThePicturesBeforeThem() {
        TokenRow row = new TokenRow().add(1, 2);
        add(row, 2, 3);
        row.add(3).add(picture(3, 1)).add(4, 5);
        assertThat(positions(row, 0)).containsExactly(0, 1, 2, 2, 2, 2, 2, 2, 5, 6, 6, 6, 9, 10, 11, 12);
        assertThat(positions(row, 1)).containsExactly(0, 1, 2, 2, 2, 3, 3, 3, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(positions(row, 2)).containsExactly(0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 6, 6, 9, 10, 11, 12);
    }

    @Test
    void withoutPicturesAPositionIsThePlace() {
        TokenRow row = new TokenRow().add(5, 6, 7);
        for (int axis = 0; axis < 3; axis++) {
            assertThat(positions(row, axis)).containsExactly(0, 1, 2, 3, 4);
        }
    }

    /** The same features in other rows are another picture. */
    @Test
    void rowsAreEqualWhereTheirPicturesHaveTheSameRows() {
        assertThat(picture(2, 3)).isEqualTo(picture(2, 3)).isNotEqualTo(picture(3, 2)).hasSameHashCodeAs(picture(2, 3));
    }

    private static TokenRow picture(int rows, int columns) {
        TokenRow row = new TokenRow();
        add(row, rows, columns);
        return row;
    }

    private static void add(TokenRow row, int rows, int columns) {
        row.addPicture(PLACEHOLDER, new PromptFormat.Features(rows, columns, new float[rows * columns * 2]), 2);
    }

    /** Of all tokens, and of two behind them. */
    private static List<Integer> positions(TokenRow row, int axis) {
        return IntStream.range(0, row.size() + 2).mapToObj(place -> row.position(place, axis)).toList();
    }
}
