package org.intarsia.shell.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statements of a text. */
class StatementTest {
    @ParameterizedTest
    @ValueSource(strings = {"version --json", "versoin --json", "version --nope --json > a.txt", "models --json | grep x", "--json"})
    void aWordOfACommandIsFound(String text) {
        assertThat(Statement.calls(text, "--json")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "imagine \"a --json b\"", "imagine --jsonl", "echo 'open", "version; # --json", ""})
    void noOtherTextIsTakenForIt(String text) {
        assertThat(Statement.calls(text, "--json")).isFalse();
    }
}
