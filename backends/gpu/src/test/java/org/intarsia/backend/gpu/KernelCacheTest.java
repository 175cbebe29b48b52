package org.intarsia.backend.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
    @TempDir
    Path folder;

    @Test
    void keepsWhatItIsGiven() throws IOException {
        KernelCache cache = new KernelCache(folder.resolve("deep/er"));
        String key = KernelCache.key("device", "source");
        assertThat(cache.load(key)).isEmpty();
        cache.store(key, new byte[] {1, 2, 3});
        cache.store(key, new byte[] {4, 5});
        assertThat(cache.load(key)).contains(new byte[] {4, 5});
        try (var files = Files.list(folder.resolve("deep/er"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatIsDamagedIsNotThere() throws IOException {
        KernelCache cache = new KernelCache(folder);
        String key = KernelCache.key("x");
        cache.store(key, new byte[100]);
        Path file = folder.resolve(key);
        byte[] content = Files.readAllBytes(file);
        content[60] = 1;
        Files.write(file, content);
        assertThat(cache.load(key)).isEmpty();
        Files.write(file, new byte[5]);
        assertThat(cache.load(key)).isEmpty();
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNoHarm() throws IOException {
        Path occupied = Files.createFile(folder.resolve("file"));
        KernelCache cache = new KernelCache(occupied);
        cache.store("key", new byte[1]);
        assertThat(cache.load("key")).isEmpty();
    }

    @Test
    void whatWasNotUsedForLongestGoesWhenTheFolderIsFull() throws IOException {
        // A file takes 32 bytes for its hash.
        KernelCache cache = new KernelCache(folder, 3 * (32 + 100));
        for (String name : List.of("first", "second", "third")) {
            cache.store(name, new byte[100]);
            Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.EPOCH));
        }
        Files.setLastModifiedTime(folder.resolve("second"), FileTime.from(Instant.EPOCH.minusSeconds(1)));
        assertThat(cache.load("first")).as("used again").isPresent();
        cache.store("fourth", new byte[150]);
        try (var files = Files.list(folder)) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactlyInAnyOrder("first", "fourth");
        }
    }

    @Test
    void ingredientsAreKeptApart() {
        assertThat(KernelCache.key("ab", "c")).isNotEqualTo(KernelCache.key("a", "bc")).matches("[0-9a-f]{64}");
    }
}
