package org.intarsia.http.openai.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Event;
import org.junit.jupiter.api.Test;

/** A thumb, U+1F44D, that comes in two tokens, behind a letter. */
class LogprobsTest {
    private static final List<Event.Token> THUMB = List.of(token("", (byte) 'a', (byte) 0xF0, (byte) 0x9F),
            token("a\uD83D\uDC4D", (byte) 0x91, (byte) 0x8D), token("!", (byte) '!'));

    private static Event.Token token(String text, byte... bytes) {
        return new Event.Token(0, 1, text, OptionalDouble.of(-1), List.of(new Alternative(1, text, -1, bytes)), bytes);
    }

    @Test
    void eachTokenHasItsOwnBytes() {
        JsonNode content = Logprobs.ofChat(THUMB).path("content");
        assertThat(content.findValuesAsText("token")).containsExactly("a\\xf0\\x9f", "a\\xf0\\x9f", "\\x91\\x8d", "\\x91\\x8d", "!", "!");
        assertThat(content.findValues("bytes").stream().map(JsonNode::toString).toList()).containsExactly("[97,240,159]", "[97,240,159]",
                "[145,141]", "[145,141]", "[33]", "[33]");
    }

    @Test
    void completionsNameTheBytesAndCountTheText() {
        ObjectNode completion = Logprobs.ofCompletion(THUMB, 4);
        assertThat(completion.path("tokens")).extracting(JsonNode::asText).containsExactly("bytes:a\\xf0\\x9f", "bytes:\\x91\\x8d", "!");
        assertThat(completion.at("/top_logprobs/1").has("bytes:\\x91\\x8d")).isTrue();
        assertThat(completion.path("text_offset").toString()).isEqualTo("[4,4,7]");
    }
}
