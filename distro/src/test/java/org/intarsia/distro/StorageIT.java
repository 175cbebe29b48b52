package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The temporary folder of a process. */
class StorageIT {
    /** As when a signal ends a process that is about to start. */
    @Test
    void whatCannotBeRemovedIsRemovedByTheNext() throws Exception {
        Storage storage = Storage.create();
        // Stands for the framework: a file that is there again whenever the folder is to go.
        Path framework = storage.folder().resolve("framework");
        Files.createDirectory(framework);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                try {
                    Files.createDirectories(framework.resolve("bundle" + i));
                } catch (IOException e) {
                    continue;
                }
            }
        });
        while (Files.notExists(framework.resolve("bundle100"))) {
            Thread.sleep(1);
        }
        try {
            storage.remove();
        } catch (IOException e) {
            assertThat(storage.folder().resolve("lock")).as("the next process knows it by that").exists();
        } finally {
            writer.interrupt();
            writer.join();
        }
        Storage next = Storage.create();
        assertThat(storage.folder()).doesNotExist();
        next.remove();
        assertThat(next.folder()).doesNotExist();
    }
}
