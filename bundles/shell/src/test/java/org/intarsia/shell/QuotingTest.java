package org.intarsia.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.intarsia.shell.api.UsageException;
import org.intarsia.shell.script.Quoting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The words that Gogo makes of a line. */
class QuotingTest {
    private final ThreadIOImpl threads = GogoStreams.create();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threads);
    private CommandSession session;
    private List<String> words = List.of();

    @BeforeEach
    void start() {
        threads.start();
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true);
        session = processor.createSession(new ByteArrayInputStream(new byte[0]), out, out);
        session.put("words", (Function) (caller, arguments) -> {
            words = new ArrayList<>(Words.of(arguments));
            return words.isEmpty() ? null : words.getFirst();
        });
        session.put("x", "red");
    }

    @AfterEach
    void stop() {
        session.close();
        processor.stop();
        threads.stop();
    }

    private List<String> words(String line) throws Exception {
        session.execute(Quoting.plain("words " + line));
        return words;
    }

    @Test
    void inDoubleQuotesAnApostropheIsACharacterAndTheOtherWayRound() throws Exception {
        assertThat(words("\"there's a red star\"")).containsExactly("there's a red star");
        assertThat(words("\"'\" \"it's Bob's\" \"'quoted'\"")).containsExactly("'", "it's Bob's", "'quoted'");
        assertThat(words("'say \"hi\"' 'a\"'")).containsExactly("say \"hi\"", "a\"");
        assertThat(words("\"say \\\"hi\\\"\" it\\'s")).containsExactly("say \"hi\"", "it's");
        assertThat(words("--ask=\"what's there?\"")).containsExactly("--ask=what's there?");
    }

    @Test
    void whatGogoWouldTakeForItsOwnIsACharacterToo() throws Exception {
        assertThat(words("\"50% grey\" 100% \"{a,b}\" \"{1..3}\" \"5 $\"")).containsExactly("50% grey", "100%", "{a,b}", "{1..3}", "5 $");
        assertThat(words("\"C:\\users\\new\" \"*.png\" \"~\"")).containsExactly("C:\\users\\new", "*.png", "~");
        assertThat(words("\u201ca \u2019 b\u201d")).containsExactly("\u201ca", "\u2019", "b\u201d");
    }

    @Test
    void variablesAndGroupsKeepTheirMeaning() throws Exception {
        assertThat(words("\"it's $x's ${x}\" \"$(words it)'s\" \"%(1 + 2)'s\" '$x'"))
                .containsExactly("it's red's red", "it's", "3's", "$x");
        assertThat(words("(words \"a 'b\") # it's a comment\n")).containsExactly("a 'b");
    }

    @Test
    void aQuoteThatIsNotClosedIsNamed() {
        assertThatThrownBy(() -> Quoting.plain("imagine \"a red star")).isInstanceOf(UsageException.class)
                .hasMessage("the quote that opens at column 9 is not closed");
        assertThatThrownBy(() -> Quoting.plain("version\n  echo it's\n")).isInstanceOf(UsageException.class)
                .hasMessage("the quote that opens at column 10 of line 2 is not closed");
        assertThatThrownBy(() -> Quoting.plain("echo \"a\\\"")).hasMessage("the quote that opens at column 6 is not closed");
        assertThatThrownBy(() -> Quoting.plain("echo \"a $(b\"")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> Quoting.plain("echo \"a $(b \"c\")\"")).hasMessageContaining("single quotes");
    }
}
