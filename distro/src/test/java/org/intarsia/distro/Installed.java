package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An unpacked archive, as a stranger has it: in a folder that its user cannot write, called through a link.
 *
 * @param home the archive's folder, such as {@code intarsia-0.1.0}
 * @param user a folder that the user can write
 */
record Installed(Path home, Path user) {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final String NOBODY = "65534";

    /** Returns whether there is a user who cannot write everywhere: this one, or one that root can be instead. */
    static boolean canTry() {
        return !isRoot() || Files.isExecutable(SETPRIV);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Takes the right to write from all that is in the folder, and makes the user's folder. */
    static Installed of(Path home, Path user) throws IOException {
        // The folders of tests are closed to others, and root becomes another user below.
        Files.setPosixFilePermissions(user.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(user.resolve("bin"));
        Files.createSymbolicLink(user.resolve("bin/intarsia"), home.resolve("bin/intarsia"));
        for (Path folder : List.of(user, Files.createDirectory(user.resolve("tmp")))) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Set<PosixFilePermission> writing = PosixFilePermissions.fromString("-w--w--w-");
        for (Path file : files(home)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            permissions.removeAll(writing);
            Files.setPosixFilePermissions(file, permissions);
        }
        return new Installed(home, user);
    }

    /** A call in the user's folder, with no environment but this and a temporary folder. */
    ProcessBuilder prepared(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of(SETPRIV.toString(), "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        }
        command.add(user.resolve("bin/intarsia").toString());
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(user.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("TMPDIR", user.resolve("tmp").toString(), "INTARSIA_JAVA_OPTS",
                "-Djava.io.tmpdir=" + user.resolve("tmp") + " -Duser.home=" + user));
        builder.environment().putAll(environment);
        return builder;
    }

    Launched.Call call(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        Process process = prepared(environment, words).start();
        process.getOutputStream().close();
        return Launched.end(process);
    }

    /** Every file of the archive with its size and time: equal where nothing was written. */
    Map<Path, String> state() throws IOException {
        Map<Path, String> state = new TreeMap<>();
        for (Path file : files(home)) {
            state.put(file, Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
        assertThat(state).hasSizeGreaterThan(50);
        return state;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isSymbolicLink(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)).toList();
        }
    }
}
