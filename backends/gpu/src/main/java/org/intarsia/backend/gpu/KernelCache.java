package org.intarsia.backend.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.intarsia.io.AtomicFile;
import org.intarsia.io.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What compilers and drivers have made of kernels, on disk: files that hold the hash of their content before the content.
 * A file that is damaged counts as none, since drivers may crash on one. What has not been used for longest goes when the
 * folder grows beyond its limit; all of it may be deleted at any time. Safe for use by several threads and processes.
 */
public final class KernelCache {
    private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);

    /** Some hundred models' worth of kernels. */
    private static final long LIMIT = 256L << 20;

    private final Path folder;
    private final long limit;
    private final AtomicBoolean complained = new AtomicBoolean();

    /** A file, how large it is and when it was used last. */
    private record Kept(Path file, long bytes, FileTime used) {
    }

    /** @param folder is made when the first file is written */
    public KernelCache(Path folder) {
        this(folder, LIMIT);
    }

    /** @param limit bytes that the folder holds at most */
    KernelCache(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
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
        MessageDigest digest = Sha256.digest();
        for (String ingredient : ingredients) {
            digest.update(ingredient.getBytes(StandardCharsets.UTF_8));
            // Else two ingredients could be told apart no more.
            digest.update((byte) 0);
        }
        return Sha256.hexadecimal(digest);
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
        int start = Sha256.digest().getDigestLength();
        if (file.length <= start) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(file, start, file.length);
        boolean intact = MessageDigest.isEqual(Sha256.digest().digest(content), Arrays.copyOf(file, start));
        if (!intact) {
            return Optional.empty();
        }
        markUsed(name);
        return Optional.of(content);
    }

    private void markUsed(String name) {
        try {
            Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("when {} was used cannot be noted, so it may go early", name, e);
        }
    }

    /** Keeps it under this name of a file for the next time; where that is impossible it is compiled again then. */
    public void store(String name, byte[] content) {
        try {
            Files.createDirectories(folder);
            byte[] hash = Sha256.digest().digest(content);
            byte[] file = Arrays.copyOf(hash, hash.length + content.length);
            System.arraycopy(content, 0, file, hash.length, content.length);
            // Need not outlast a power failure: what is damaged then is found out by its hash.
            AtomicFile.write(folder.resolve(name), part -> Files.write(part, file));
            prune();
        } catch (IOException e) {
            complain("written", e);
        }
    }

    private void prune() throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                look(file).ifPresent(kept::add);
            }
        }
        long bytes = kept.stream().mapToLong(Kept::bytes).sum();
        kept.sort(Comparator.comparing(Kept::used));
        for (Kept oldest : kept) {
            if (bytes <= limit) {
                return;
            }
            Files.deleteIfExists(oldest.file());
            bytes -= oldest.bytes();
        }
    }

    /** Empty when another process has deleted it meanwhile. */
    private static Optional<Kept> look(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Kept(file, attributes.size(), attributes.lastModifiedTime()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Once is enough: it holds for all kernels alike. */
    private void complain(String what, IOException e) {
        if (complained.compareAndSet(false, true)) {
            LOG.warn("compiled kernels cannot be {} ({}), so starting takes longer; make {} writable, or configure another folder as 'cache'",
                    what, e.toString(), folder);
        }
    }
}
