package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.OptionalInt;
import org.intarsia.engine.api.Inputs;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;
import org.junit.jupiter.api.Test;

/** The command, with a tokenizer that takes each character for a token and 0 for a special one. */
class TokenizeTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean closed;
    private String asked;

    @Test
    void answersEachLineOnALineOfItsOwn() throws Exception {
        call("\"ab\"\n\"\"\n\"\\u00e9\\n\"\r\n\"ü\"", "--tokenizer", "/other.json");
        assertThat(lines()).containsExactly("[0,97,98]", "[0]", "[0,233,10]", "[0,252]");
        assertThat(asked).isEqualTo("/other.json");
        assertThat(closed).isTrue();
    }

    @Test
    void leavesSpecialTokensOut() throws Exception {
        call("\"ab\"\n", "--model", "picturebook", "--no-special");
        assertThat(lines()).containsExactly("[97,98]");
        assertThat(asked).isEqualTo("picturebook");
    }

    @Test
    void goesTheOtherWay() throws Exception {
        call("[0, 97, 34]\n[]\n", "--decode");
        assertThat(lines()).containsExactly("\"<0>a\\\"\"", "\"\"");
        out.reset();
        call("[0, 97]\n", "--decode", "--no-special");
        assertThat(lines()).containsExactly("\"a\"");
    }

    @Test
    void namesTheLineThatIsWrongWhenThoseBeforeAreAnswered() {
        String text = "should be a JSON string, such as \"a red star\", but it is ";
        assertThatThrownBy(() -> call("\"a\"\n7\n")).isInstanceOf(ModelException.class)
                .hasMessage("line 2 of standard input " + text + "something else");
        assertThat(lines()).containsExactly("[0,97]");
        assertThat(closed).isTrue();
        assertThatThrownBy(() -> call("\n")).isInstanceOf(ModelException.class)
                .hasMessage("line 1 of standard input " + text + "something else");
        assertThatThrownBy(() -> call("\"a\" \"b\"\n")).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("line 1 of standard input " + text + "no valid JSON: ");
        for (String wrong : List.of("\"a\"", "[1, -2]", "[1.5]", "[3000000000]", "[[1]]")) {
            assertThatThrownBy(() -> call(wrong, "--decode")).isInstanceOf(ModelException.class).hasMessage("line 1 of standard"
                    + " input should be a JSON array of token ids, such as [1, 2, 3], but it is something else");
        }
    }

    @Test
    void takesAModelOrAFile() {
        assertThatThrownBy(() -> call("", "--model", "picturebook", "--tokenizer", "x.json")).isInstanceOf(UsageException.class)
                .hasMessage("tokenize: --tokenizer and --model say the same thing twice; give one of them");
    }

    @Test
    void endsWhereNobodyReads() {
        InputStream endless = new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return true;
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream("\"a\"\n".getBytes(StandardCharsets.UTF_8));
            }
        });
        PrintStream closedPipe = new PrintStream(new OutputStream() {
            @Override
            public void write(int octet) {
                throw new UncheckedIOException(new IOException("Broken pipe"));
            }
        }, true, StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new Tokenize(new StandIn(), new Characters()).call(List.of(), Path.of("/"),
                new Console(endless, closedPipe, closedPipe))).hasMessageContaining("Broken pipe");
        assertThat(closed).isTrue();
    }

    private void call(String input, String... words) throws Exception {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        new Tokenize(new StandIn(), new Characters()).call(List.of(words), Path.of("/"), new Console(in, print, print));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private final class Characters implements Inputs, Tokenizer {
        @Override
        public Tokenizer tokenizer(String nameOrDirectory) {
            asked = nameOrDirectory;
            return this;
        }

        @Override
        public Tokenizer tokenizer(Path file) {
            asked = file.toString();
            return this;
        }

        @Override
        public PicturePreprocessor preprocessor(String nameOrDirectory) {
            throw new AssertionError("text has no pictures");
        }

        @Override
        public PicturePreprocessor preprocessor(Path file) {
            throw new AssertionError("text has no pictures");
        }

        @Override
        public List<Seen> preprocess(PicturePreprocessor preprocessor, List<Path> pictures, Turning turning, Path file) {
            throw new AssertionError("text has no pictures");
        }

        @Override
        public int[] encode(String text, boolean special) {
            return (special ? "\0" + text : text).chars().toArray();
        }

        @Override
        public String decode(int[] ids, boolean special) {
            return new String(ids, 0, ids.length).replace("\0", special ? "<0>" : "");
        }

        @Override
        public OptionalInt id(String token) {
            return OptionalInt.empty();
        }

        @Override
        public String token(int id) {
            return "";
        }

        @Override
        public int size() {
            return Character.MAX_CODE_POINT + 1;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
