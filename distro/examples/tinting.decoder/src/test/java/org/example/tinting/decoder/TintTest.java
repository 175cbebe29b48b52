package org.example.tinting.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.intarsia.model.api.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TintTest {

    @Test
    void whiteBecomesTheColourAndBlackStays() {
        Image image = new Image(3, 1, new byte[] {-1, -1, -1, 0, 0, 0, -1, 0, 0});

        Image tinted = Tint.parse("#ff8000").apply(image);

        // Red is as bright as a grey of 76.
        assertEquals(new Image(3, 1, new byte[] {-1, (byte) 128, 0, 0, 0, 0, 76, 38, 0}), tinted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blue", "ff8000", "#ff80", "#ff80001", "#ff80zz"})
    void whatIsNoColourIsNamed(String colour) {
        String message = assertThrows(IllegalArgumentException.class, () -> Tint.parse(colour)).getMessage();

        assertEquals("org.example.tinting.decoder: colour should be like #ffd9a0, not '" + colour + "'", message);
    }
}
