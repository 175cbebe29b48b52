package org.intarsia.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes files that appear whole: readers see the former content or the new one, and so does whoever starts again after the machine
 * has stopped. The content is written into a hidden file {@code .NAME.UUID.part} in the same folder, which then gets the name. Safe for
 * use by several threads and processes; the last one to end wins.
 */
public final class AtomicFile {
    private AtomicFile() {
    }

    /** Writes the content of a file. */
    public interface Content {
        /** Writes into {@code part}, which does not exist yet. */
        void writeTo(Path part) throws IOException;
    }

    /**
     * Writes a file, or over it; the folder must exist.
     *
     * @throws IOException when it cannot be written; nothing of it stays then, and the former file is untouched
     */
    public static void write(Path file, Content content) throws IOException {
        Path part = file.toAbsolutePath().resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        write(part, file, content);
    }

    private static void write(Path part, Path file, Content content) throws IOException {
        try {
            content.writeTo(part);
            move(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** As {@link #write(Path, Content)}. */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, part -> store(part, content));
    }

    /** As {@link #write(Path, Content)}, in UTF-8. */
    public static void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #write(Path, String)}; where the system knows owners of files, nobody but the owner may read it. */
    public static void writeForOwner(Path file, String content) throws IOException {
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName() + ".", ".part");
        write(part, file, same -> store(same, content.getBytes(StandardCharsets.UTF_8)));
    }

    private static void store(Path part, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /**
     * Gives a file another name, over a file that has it. On file systems that cannot do that in one step there is a moment in which
     * nothing has the name.
     *
     * @param from lies on the same file system
     */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
