package org.intarsia.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
    /** Erases the screen (with both ways of writing an escape), rings, deletes, turns the direction around, ends a line. */
    private static final String HARMFUL = "a\u001b[2J\u009b2J\u0007\u007f\u202egpj\u2066b\u200f\u2028\r\n\tc\ud83d";
    private static final String ESCAPED = "a\\u001b[2J\\u009b2J\\u0007\\u007f\\u202egpj\\u2066b\\u200f\\u2028\\u000d";

    @Test
    void whatATerminalObeysBecomesText() {
        assertThat(Quoted.line(HARMFUL)).isEqualTo(ESCAPED + "\\u000a\\u0009c\\ud83d");
        assertThat(Quoted.of(HARMFUL)).isEqualTo("'" + ESCAPED + "\\u000a\\u0009c\\ud83d'");
    }

    @Test
    void severalLinesKeepTheirEnds() {
        assertThat(Quoted.lines(HARMFUL)).isEqualTo(ESCAPED + "\n\tc\\ud83d");
    }

    @Test
    void writingOfAllPeoplesStays() {
        String text = "größe 図像 👩\u200d🚀 می\u200cخواهم עברית";
        assertThat(Quoted.lines(text)).isEqualTo(text);
        assertThat(Quoted.line(text)).isEqualTo(text);
    }
}
