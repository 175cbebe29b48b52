package org.intarsia.backend.gpu;

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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What compilers and drivers have made of kernels, on disk: files that hold the hash of their content before the content. A file that is damaged counts as none, since drivers may crash on one. The folder may be
 * deleted at any time. Safe for use by several threads and processes.
 */
public final class KernelCache {
    private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);

    private final Path folder;
    private final AtomicBoolean complained = new AtomicBoolean();

    /** @param folder is made when the first file is written */
    public KernelCache(Path folder) {
        this.folder = folder;
    }

    /** A backend's folder where each system wants such files of a user's. */
    public static Path userFolder(String backend) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String named = System.getenv(system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        Path base = named != null && !named.isBlank() ? Path.of(named)
                : Path.of(System.getProperty("user.home"), system.startsWith("mac") ? "Library/Caches" : ".cache");
        return base.resolve("intarsia").resolve(backend);
    }

    /** A name, 64 hexadecimal digits, for what is made from these. */
    public static String key(String... ingredients) {
        MessageDigest digest = sha256();
        for (String ingredient : ingredients) {
            digest.update(ingredient.getBytes(StandardCharsets.UTF_8));
            // Else two ingredients could be told apart no more.
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What was kept under this name of a file; nothing when it is not there or damaged. */
    public Optional<byte[]> load(String name) {
        byte[] file;
        try {
            file = Files.readAllBytes(folder.resolve(name));
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

    /** Keeps it under this name of a file for the next time; where that is impossible it is compiled again then. */
    public void store(String name, byte[] content) {
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, name, ".part");
            try {
                byte[] hash = sha256().digest(content);
                byte[] file = Arrays.copyOf(hash, hash.length + content.length);
                System.arraycopy(content, 0, file, hash.length, content.length);
                Files.write(temporary, file);
                move(temporary, folder.resolve(name));
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

    /** Once is enough: it holds for all kernels alike. */
    private void complain(String what, IOException e) {
        if (complained.compareAndSet(false, true)) {
            LOG.warn("compiled kernels cannot be {} ({}), so starting takes longer; make {} writable, or configure another folder as 'cache'",
                    what, e.toString(), folder);
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
