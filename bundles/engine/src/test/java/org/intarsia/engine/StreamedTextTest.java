package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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

    @Test
    void aCharacterOfSeveralTokensIsToldOnce() {
        feed(List.of("ö"), "x", "\uFFFD", "ä", "\uFFFD", null);
        assertThat(pieces).containsExactly("x", "", "ä", "", "\uFFFD");
        assertThat(tokens).containsExactly("0x", "1", "2ä", "3\uFFFD");
    }
}
