package org.intarsia.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.intarsia.engine.api.Alternative;
import org.intarsia.engine.api.Event;
import org.junit.jupiter.api.Test;

/** Text and tokens are told when no stop string can follow from them any more. */
class StreamedTextTest {
    private final List<String> pieces = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();

    /** Feeds what each token adds; {@code null} ends the text. Returns what was told. */
    private StreamedText feed(List<String> stops, String... added) {
        StreamedText text = new StreamedText(0, stops);
        String all = "";
        for (int id = 0; id < added.length && !text.isStopped(); id++) {
            boolean last = added[id] == null;
            if (!last) {
                all = (all.endsWith("\uFFFD") ? all.substring(0, all.length() - 1) : all) + added[id];
                text.add(new Event.Token(0, id, "", OptionalDouble.of(-1), List.of(new Alternative(id, "?", -1))));
            }
            text.tell(all, last, event -> {
                switch (event) {
                    case Event.TextPiece piece -> pieces.add(piece.text());
                    case Event.Token token -> {
                        tokens.add(token.id() + token.text());
                        assertThat(token.top().getFirst().text()).isEqualTo(token.text());
                    }
                    default -> throw new AssertionError(event);
                }
            });
        }
        assertThat(String.join("", pieces)).isEqualTo(text.told());
        return text;
    }

    @Test
    void aStopStringMaySpanTokens() {
        assertThat(feed(List.of("\n\nQ"), "ab\n", "\n", "Qc", "d").isStopped()).isTrue();
        assertThat(pieces).containsExactly("ab", "", "");
        assertThat(tokens).containsExactly("0ab");
    }

    @Test
    void whatDoesNotBecomeOneIsTold() {
        assertThat(feed(List.of("\n\nQ"), "ab\n", "\n", "x", "y\n", null).isStopped()).isFalse();
        assertThat(pieces).containsExactly("ab", "", "\n\nx", "y", "\n");
        assertThat(tokens).containsExactly("0ab\n", "1\n", "2x", "3y\n");
    }

    @Test
    void theOneThatIsWholeFirstCountsHoweverTheTextIsCut() {
        feed(List.of("bcde", "cd"), "a", "b", "c", "d", "e");
        assertThat(pieces).containsExactly("a", "", "", "b");
        pieces.clear();
        feed(List.of("bcde", "cd"), "abcde");
        assertThat(pieces).containsExactly("ab");
    }

    @Test
    void anEndThatRepeatsItselfIsHeldBackWhole() {
        feed(List.of("aab"), "a", "a", "a", "b");
        assertThat(pieces).containsExactly("", "", "a", "");
        assertThat(tokens).containsExactly("0a");
    }

    /** A token that is a part of a character has its own bytes; any other those of its text, such as without a space in front. */
    @Test
    void bytesAreThoseOfEachToken() {
        byte[] whole = "\u00E4".getBytes(StandardCharsets.UTF_8);
        StreamedText text = new StreamedText(0, List.of());
        List<Event.Token> told = new ArrayList<>();
        Consumer<Event> events = event -> {
            if (event instanceof Event.Token token) {
                told.add(token);
            }
        };
        text.add(token(" x".getBytes(StandardCharsets.UTF_8)));
        text.tell("x", false, events);
        text.add(token(whole[0]));
        text.tell("x\uFFFD", false, events);
        text.add(token(whole[1]));
        text.tell("x\u00E4", false, events);
        text.add(token(whole[0]));
        text.tell("x\u00E4\uFFFD", true, events);
        assertThat(told).extracting(Event.Token::text).containsExactly("x", "", "\u00E4", "\uFFFD");
        assertThat(told).extracting(Event.Token::bytes).containsExactly(new byte[] {'x'}, new byte[] {whole[0]}, new byte[] {whole[1]},
                new byte[] {whole[0]});
        assertThat(told).allSatisfy(token -> assertThat(token.top().getFirst().bytes()).isEqualTo(token.bytes()));
    }

    private static Event.Token token(byte... bytes) {
        return new Event.Token(0, 7, "", OptionalDouble.of(-1), List.of(new Alternative(7, "?", -1)), bytes);
    }

    @Test
    void aCharacterOfSeveralTokensIsToldOnce() {
        feed(List.of("ö"), "x", "\uFFFD", "ä", "\uFFFD", null);
        assertThat(pieces).containsExactly("x", "", "ä", "", "\uFFFD");
        assertThat(tokens).containsExactly("0x", "1", "2ä", "3\uFFFD");
    }
}
