package org.intarsia.distro;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The folder of one process for the framework's files: a temporary one, which goes with the process. A process that is
 * killed cannot remove its own, so each new one removes those that nobody holds a lock on.
 */
final class Storage {
    private static final String PREFIX = "intarsia-";
    private static final String LOCK = "lock";

    private final Path folder;
    /** Open as long as the process lives: closing it would end the lock. */
    private final FileChannel lock;

    private Storage(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** Makes the folder of this process, and removes those of processes that were killed. */
    static Storage create() throws IOException {
        Path folder = Files.createTempDirectory(PREFIX);
        // A lock that has its name is held: so nobody takes this folder for a forgotten one in between.
        Path unnamed = folder.resolve(LOCK + ".new");
        FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(unnamed, folder.resolve(LOCK));
        sweep(folder);
        return new Storage(folder, lock);
    }

    Path folder() {
        return folder;
    }

    /**
     * Removes the folder with all that is in it, and ends the lock. Where a framework still writes there, the rest is left
     * to the next process.
     *
     * @throws java.nio.file.DirectoryNotEmptyException where something is left
     */
    void remove() throws IOException {
        try (lock) {
            remove(folder);
        }
    }

    private static void sweep(Path own) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(own.getParent(), PREFIX + "*")) {
            for (Path folder : folders) {
                if (!folder.equals(own) && Files.isWritable(folder.resolve(LOCK))) {
                    removeForgotten(folder);
                }
            }
        }
    }

    private static void removeForgotten(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                remove(folder);
            }
        } catch (NoSuchFileException e) {
            // Its process, or another that sweeps, has just removed it.
            return;
        }
    }

    private static void remove(Path folder) throws IOException {
        // Last, since a folder without it is not known for a forgotten one.
        Path lock = folder.resolve(LOCK);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> !file.equals(folder) && !file.equals(lock)).sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(lock);
        Files.deleteIfExists(folder);
    }
}
