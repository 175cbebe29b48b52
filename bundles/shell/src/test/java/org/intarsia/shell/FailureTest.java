package org.intarsia.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.intarsia.shell.api.UsageException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void aWrongCallHasAStatusOfItsOwn() {
        assertThat(Failure.of(new UsageException("x"))).isEqualTo(new Failure(2, "x"));
        assertThat(Failure.of(new IOException("the disk is full"))).isEqualTo(new Failure(1, "the disk is full"));
    }

    @Test
    void filesAreNamedWithWhatIsWrong() {
        assertThat(sentence(new NoSuchFileException("a.png"))).isEqualTo("a.png: there is no such file or folder");
        assertThat(sentence(new AccessDeniedException("a.png"))).isEqualTo("a.png: access is denied");
        assertThat(sentence(new FileSystemException("a.png", null, "Is a directory"))).isEqualTo("a.png: Is a directory");
        assertThat(sentence(new UncheckedIOException(new NoSuchFileException("a.png"))))
                .isEqualTo("a.png: there is no such file or folder");
    }

    @Test
    void severalLinesBecomeOne() {
        assertThat(sentence(new IllegalStateException("missing:\n  a\n  b\n"))).isEqualTo("missing: a b");
    }

    @Test
    void namesFromFilesCannotSteerATerminal() {
        assertThat(sentence(new IllegalStateException("no '\u001b]0;x\u0007\u009b2J\u202e'")))
                .isEqualTo("no '\\u001b]0;x\\u0007\\u009b2J\\u202e'");
    }

    @Test
    void programsReadItAsJson() {
        assertThat(Failure.of(new UsageException("a \"b\"")).json()).isEqualTo("{\"error\":\"a \\\"b\\\"\",\"status\":2}");
    }

    @Test
    void bugsCallThemselvesBugs() {
        for (Throwable bug : new Throwable[] {new NullPointerException("x is null"), new ClassCastException("x"),
                new ArrayIndexOutOfBoundsException(3), new IllegalStateException(), new StackOverflowError()}) {
            assertThat(sentence(bug)).startsWith("internal error, " + bug.getClass().getName()).contains("--verbose");
        }
        assertThat(sentence(new OutOfMemoryError("Java heap space"))).contains("INTARSIA_JAVA_OPTS");
    }

    private static String sentence(Throwable thrown) {
        return Failure.of(thrown).sentence();
    }
}
