package org.intarsia.backend.vulkan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in a folder that may vanish at any time. Each begins with a digest of the rest: a broken one counts as missing,
 * and is written again. A folder that cannot be written is said once, and costs time only. Safe for use by several
 * threads and processes.
 */
final class DiskCache {
    private static final Logger LOGGER = LoggerFactory.getLogger(DiskCache.class);

    private final Path folder;
    private final AtomicBoolean complained = new AtomicBoolean();

    DiskCache(Path folder) {
        this.folder = folder;
    }

    /** What was kept under this name, or nothing. */
    Optional<byte[]> read(String name) {
        try {
            byte[] file = Files.readAllBytes(folder.resolve(name));
            int digest = Math.min(file.length, digest(new byte[0]).length);
            byte[] content = Arrays.copyOfRange(file, digest, file.length);
            if (Arrays.equals(Arrays.copyOf(file, digest), digest(content))) {
                return Optional.of(content);
            }
            LOGGER.info("{} is broken, and is made anew", folder.resolve(name));
        } catch (NoSuchFileException e) {
            LOGGER.debug("{} is not there yet", folder.resolve(name));
        } catch (IOException e) {
            complain(e);
        }
        return Optional.empty();
    }

    /** Keeps it under this name, in place of what was there. */
    void write(String name, byte[] content) {
        try {
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, name, ".new");
            try {
                byte[] digest = digest(content);
                byte[] file = Arrays.copyOf(digest, digest.length + content.length);
                System.arraycopy(content, 0, file, digest.length, content.length);
                Files.write(fresh, file);
                Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            complain(e);
        }
    }

    private void complain(IOException reason) {
        if (complained.compareAndSet(false, true)) {
            LOGGER.warn("compiled kernels cannot be kept in {}, so each start compiles them again; make it writable, or "
                    + "configure another folder as 'cache' ({})", folder, reason.toString());
        }
    }

    /** SHA-256. */
    static byte[] digest(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
