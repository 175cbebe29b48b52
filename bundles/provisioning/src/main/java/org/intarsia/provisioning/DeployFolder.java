package org.intarsia.provisioning;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.intarsia.io.AtomicFile;
import org.intarsia.io.Sha256;
import org.intarsia.provisioning.api.ProvisioningException;

/** The folder that holds the user's bundles. A file gets its name there only when it is whole. */
final class DeployFolder {
    static final Comparator<Candidate> NEWEST_FIRST = Comparator.comparing(Candidate::version).reversed();
    private static final String JAR = ".jar";
    /** Names the process that receives the file, so that others know whether it still does. */
    private static final Pattern PART = Pattern.compile("\\.(\\d+)-\\d+\\.part");
    private static final int TIMEOUT_MILLIS = (int) TimeUnit.SECONDS.toMillis(30);

    private final Path folder;
    private final AtomicInteger parts = new AtomicInteger();

    DeployFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Returns the file as this folder names it; nothing where it lies elsewhere. FileInstall follows links to the folder, so
     * it names a file by another path.
     */
    Optional<Path> own(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        boolean ours = contains(absolute) || canonical(absolute.getParent()).equals(canonical(folder));
        return ours ? Optional.of(folder.resolve(absolute.getFileName())) : Optional.empty();
    }

    /** Follows links, also where the last folders of the path do not exist. */
    private static Path canonical(Path folder) {
        try {
            return folder.toFile().getCanonicalFile().toPath();
        } catch (IOException e) {
            throw new ProvisioningException(folder + " cannot be read: " + Reason.of(e), e);
        }
    }

    /** The jars in it, by name; none where the folder does not exist. */
    List<Path> jars() {
        return list().filter(file -> file.toString().endsWith(JAR) && Files.isRegularFile(file)).sorted().toList();
    }

    /**
     * Returns the bundles of that name in it, newest first; of equal versions the first by file name. Files that cannot be
     * read are passed over.
     */
    List<Candidate> newestFirst(String symbolicName) {
        return jars().stream().flatMap(jar -> Candidate.find(jar, symbolicName).stream())
                .sorted(NEWEST_FIRST).toList();
    }

    /** The file that a bundle of this name gets where none holds it yet. */
    Path place(String symbolicName) {
        return folder.resolve(symbolicName + JAR);
    }

    boolean contains(Path file) {
        return folder.equals(file.toAbsolutePath().normalize().getParent());
    }

    /** Whether it is a file that was received and has no name yet. */
    boolean isPart(Path file) {
        return contains(file) && PART.matcher(file.getFileName().toString()).matches();
    }

    /** Removes what processes have left that were killed while they received a file. */
    void sweep() {
        list().forEach(file -> {
            Matcher part = PART.matcher(file.getFileName().toString());
            if (part.matches() && ProcessHandle.of(Long.parseLong(part.group(1))).isEmpty()) {
                remove(file);
            }
        });
    }

    /** Copies a file or what a URL gives into a hidden file of the folder, and returns when it is stored. */
    Path receive(URI source) {
        String called = called(source);
        Path part = null;
        try (InputStream in = open(source)) {
            Files.createDirectories(folder);
            sweep();
            part = folder.resolve(String.format(Locale.ROOT, ".%d-%d.part", ProcessHandle.current().pid(),
                    parts.incrementAndGet()));
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream out = Channels.newOutputStream(channel);
                in.transferTo(out);
                channel.force(true);
            }
            return part;
        } catch (IOException e) {
            if (part != null) {
                remove(part);
            }
            throw new ProvisioningException(called + " cannot be read: " + Reason.of(e), e);
        }
    }

    /** Gives a received file its name, in one step. */
    void keep(Path part, Path place) {
        try {
            AtomicFile.move(part, place);
        } catch (IOException e) {
            throw new ProvisioningException(place + " cannot be written: " + Reason.of(e), e);
        }
    }

    /** Removes a file, if it is there. */
    void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ProvisioningException(file + " cannot be removed: " + Reason.of(e), e);
        }
    }

    /** What the user knows a source by. */
    static String called(URI source) {
        return isFile(source) ? Path.of(source).toString() : source.toString();
    }

    /** The digest of a file in hexadecimal digits. */
    static String sha256(Path file) {
        try {
            return Sha256.hexadecimal(file);
        } catch (IOException e) {
            throw new ProvisioningException(file + " cannot be read: " + Reason.of(e), e);
        }
    }

    static InputStream open(URI source) throws IOException {
        if (isFile(source)) {
            Path file = Path.of(source);
            if (Files.isDirectory(file)) {
                throw new IOException("it is a folder");
            }
            return Files.newInputStream(file);
        }
        URLConnection connection = source.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection.getInputStream();
    }

    private static boolean isFile(URI source) {
        return "file".equals(source.getScheme());
    }

    private Stream<Path> list() {
        if (!Files.isDirectory(folder)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new ProvisioningException(folder + " cannot be read: " + Reason.of(e), e);
        }
    }
}
