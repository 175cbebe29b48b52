package org.intarsia.shell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(new ByteArrayInputStream(new byte[0]), new PrintStream(out),
            new PrintStream(err));

    /** Says how long a word is. */
    private static final class Measure implements Command {
        @Override
        public Syntax syntax() {
            return Syntax.of("measure", "says how long a word is").required("WORD", "the word")
                    .option("--unit", "U", "letters where not given").repeated("--not", "C", "a letter not to count");
        }

        @Override
        public Result run(Arguments arguments, Console console) {
            int length = arguments.text("WORD").length();
            return new Result(Map.of("length", length), length + " letters",
                    length > 0 ? Optional.empty() : Optional.of("a word has letters"));
        }
    }

    @Test
    void givesATypedResultOrOneJsonLine() throws Exception {
        assertThat(call("Stern")).isEqualTo(new Result(Map.of("length", 5), "5 letters")).hasToString("5 letters");
        assertThat(call("Stern", "--json")).isEqualTo("{\"length\":5}");
    }

    @Test
    void aFailureIsPrintedAndThenThrown() {
        assertThatThrownBy(() -> call("")).hasMessage("a word has letters");
        assertThatThrownBy(() -> call("", "--json")).hasMessage("a word has letters");
        assertThat(out.toString().lines()).containsExactly("0 letters", "{\"length\":0}");
    }

    @Test
    void explainsItself() throws Exception {
        assertThat(call("--help").toString().lines().map(String::stripTrailing)).containsExactly(
                "measure WORD [OPTION]…",
                "  says how long a word is",
                "",
                "  WORD                       the word",
                "  --unit U                   letters where not given",
                "  --not C                    a letter not to count (may be given more than once)",
                "  --json                     print the result as one JSON line",
                "  --verbose                  show log messages, and stack traces of errors",
                "  --help                     show this help");
    }

    @Test
    void progressLeavesNoTraceAndKeepsAwayFromFiles() {
        try (Progress hidden = new Progress(console.err(), false)) {
            hidden.show("half");
        }
        assertThat(err.size()).isZero();
        try (Progress shown = new Progress(console.err(), true)) {
            shown.show("half");
            shown.show("too soon after the last");
        }
        assertThat(err).hasToString("\r\033[Khalf\r\033[K");
    }

    private Object call(String... words) throws Exception {
        return new Measure().call(List.of(words), Path.of(""), console);
    }
}
