package org.intarsia.shell.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
    private record Seeded(long seed, Long other) {
    }

    @Test
    void longNumbersThatOtherProgramsWouldRoundAreTexts() throws Exception {
        assertThat(Json.line(new Seeded(1L << 53, -(1L << 53)))).isEqualTo("{\"seed\":9007199254740992,\"other\":-9007199254740992}");
        assertThat(Json.line(List.of((1L << 53) + 1, Long.MIN_VALUE)))
                .isEqualTo("[\"9007199254740993\",\"-9223372036854775808\"]");
        assertThat(Json.line(new Seeded(Long.MAX_VALUE, 7L))).isEqualTo("{\"seed\":\"9223372036854775807\",\"other\":7}");
    }

    @Test
    void nothingThatATerminalObeysIsInIt() throws Exception {
        assertThat(Json.line(List.of("a\u001b[2J\u009b2J\u202e\n", Optional.empty())))
                .isEqualToIgnoringCase("[\"a\\u001b[2J\\u009b2J\\u202e\\n\",null]");
    }
}
