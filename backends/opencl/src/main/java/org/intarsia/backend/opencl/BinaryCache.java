package org.intarsia.backend.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled kernels on disk: one file for each, named by the hash of what it was made from, and holding the hash of its
 * content before the content. A file that is damaged counts as none, since drivers may crash on one. The folder may be
 * deleted at any time. Safe for use by several threads and processes.
 */
final class BinaryCache {
    private static final Logger LOG = LoggerFactory.getLogger(BinaryCache.class);

    private final Path folder;
    private final AtomicBoolean complained = new AtomicBoolean();

    BinaryCache(Path folder) {
        this.folder = folder;
    }

    /** The name for what is made from these. */
    static String key(String... ingredients) {
        MessageDigest digest = sha256();
        for (String ingredient : ingredients) {
            digest.update(ingredient.getBytes(StandardCharsets.UTF_8));
            // Else two ingredients could be told apart no more.
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    Optional<byte[]> load(String key) {
        byte[] file;
        try {
            file = Files.readAllBytes(file(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            complain("read", e);
            return Optional.empty();
        }
        int start = sha256().getDigestLength();
        if (file.length <= start) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(file, start, file.length);
        boolean intact = MessageDigest.isEqual(sha256().digest(content), Arrays.copyOf(file, start));
        return intact ? Optional.of(content) : Optional.empty();
    }

    /** Keeps it for the next time; where that is impossible it is compiled again then. */
    void store(String key, byte[] content) {
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, key, ".part");
            try {
                byte[] hash = sha256().digest(content);
                byte[] file = Arrays.copyOf(hash, hash.length + content.length);
                System.arraycopy(content, 0, file, hash.length, content.length);
                Files.write(temporary, file);
                move(temporary, file(key));
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            complain("written", e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            LOG.debug("this file system cannot replace a file at once", e);
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path file(String key) {
        return folder.resolve(key + ".bin");
    }

    /** Once is enough: it holds for all kernels alike. */
    private void complain(String what, IOException e) {
        if (complained.compareAndSet(false, true)) {
            LOG.warn("compiled kernels cannot be {} ({}), so starting takes longer; make {} writable, or set 'cache' under {}",
                    what, e.toString(), folder, OpenClBackend.PID);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
