package org.intarsia.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files appear whole or not at all, and nothing stays beside them. */
class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFileIsWrittenAndWrittenOver() throws IOException {
        Path file = folder.resolve("a.txt");
        AtomicFile.write(file, "first, which is longer");
        AtomicFile.write(file, "größer");

        assertThat(file).hasContent("größer");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void theFormerFileStaysWhereTheWritingFails() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "former");

        assertThatThrownBy(() -> AtomicFile.write(file, part -> {
            Files.writeString(part, "ha");
            throw new IOException("the disk is full");
        })).isInstanceOf(IOException.class).hasMessage("the disk is full");

        assertThat(file).hasContent("former");
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("none/a.txt"), "text")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aReaderSeesOneOfThemWhole() throws IOException {
        Path file = folder.resolve("a.txt");
        String[] contents = {"a".repeat(100_000), "b".repeat(70_000)};
        AtomicFile.write(file, contents[0]);
        CompletableFuture<?>[] writers = IntStream.range(0, 2).mapToObj(number -> CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 20; i++) {
                    AtomicFile.write(file, contents[number]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        })).toArray(CompletableFuture[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(writers);
        do {
            assertThat(Files.readString(file)).isIn((Object[]) contents);
        } while (!all.isDone());
        all.join();
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }
}
