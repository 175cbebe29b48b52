package org.intarsia.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    void aFileForItsOwnerIsReadByNobodyElse() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "this system knows no owners of files");
        Path file = folder.resolve("a.txt");
        AtomicFile.writeForOwner(file, "mine");

        assertThat(file).hasContent("mine");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
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
