package org.intarsia.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.Image;
import org.junit.jupiter.api.Test;

/** Models are the same, or where they are not. */
class ParityTest {
    private static final List<String> PROMPTS = List.of("a star", "a boat");

    private static StandIn painting(int token, int... rgb) {
        return new StandIn() {
            @Override
            protected Image paint(long seed) {
                Image image = StandIn.picture(seed);
                for (int i = 0; i < rgb.length; i++) {
                    image.rgb()[i] = (byte) rgb[i];
                }
                return image;
            }

            @Override
            protected int token() {
                return token;
            }
        };
    }

    @Test
    void theSameTokensAndPicturesPass() {
        Parity.Compared compared = new Parity(painting(7), painting(7)).compare(PROMPTS, done -> { });

        assertThat(compared).isEqualTo(new Parity.Compared(2, 2, List.of(), 0));
        assertThat(compared.passed()).isTrue();
    }

    @Test
    void roundingOfAColourPassesAndAnotherColourDoesNot() {
        assertThat(new Parity(painting(7), painting(7, 0, 1, 0)).compare(PROMPTS, done -> { }))
                .matches(Parity.Compared::passed).extracting(Parity.Compared::pixels).isEqualTo(1);
        assertThat(new Parity(painting(7), painting(7, 0, 200, 0)).compare(PROMPTS, done -> { }))
                .matches(compared -> !compared.passed()).extracting(Parity.Compared::pixels).isEqualTo(200);
    }

    @Test
    void anotherTokenIsShownWithTheLogits() {
        Parity.Compared compared = new Parity(painting(7), painting(5)).compare(PROMPTS, done -> { });

        assertThat(compared.passed()).isFalse();
        assertThat(compared.same()).isZero();
        // The stand-in's logits are the numbers of the tokens.
        assertThat(compared.divergences().getFirst()).isEqualTo(new Parity.Divergence("a star", 0, 7, 5, 2, -2));
        assertThat(compared.divergences().getFirst().sentence()).isEqualTo("\"a star\" parts at token 0: 5 instead of 7,"
                + " whose logit is -2.00e+00 lower here and 2.00e+00 higher there");
    }
}
