package org.example.tinting.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.intarsia.model.api.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TintTest {

    @Test
    void whiteBecomesTheColourAndBlackStays() {
        Image image = new Image(3, 1, new byte[] {-1, -1, -1, 0, 0, 0, -1, 0, 0});

        Image tinted = Tint.parse("#ff8000").orElseThrow().apply(image);

        // Red is as bright as a grey of 76.
        assertEquals(new Image(3, 1, new byte[] {-1, (byte) 128, 0, 0, 0, 0, 76, 38, 0}), tinted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blue", "ff8000", "#ff80", "#ff80001", "#ff80zz"})
    void whatIsNoColourIsNotRead(String colour) {
        assertEquals(Optional.empty(), Tint.parse(colour));
    }
}
