package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The box in the layout of an archive, which the user cannot write, in a folder with spaces in its name. The archives themselves
 * are tried by {@link ArchiveIT}.
 */
@EnabledIf("org.intarsia.distro.Installed#canTry")
class ReadOnlyIT {
    private static final Path SYSTEMD_ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    private static Path shared;
    private static Path home;

    private Path folder;
    private Installed installed;

    @BeforeAll
    static void unpack() throws IOException {
        home = Files.createDirectories(shared.resolve("some place/intarsia-1.0"));
        Path box = Path.of("target/intarsia");
        try (Stream<Path> files = Files.walk(box)) {
            for (Path file : files.filter(file -> !file.equals(box) && !file.getFileName().toString().startsWith("start.aot")).toList()) {
                Files.copy(file, home.resolve(box.relativize(file)));
            }
        }
        Path bin = Files.createDirectory(home.resolve("bin"));
        assertThat(Files.copy(Path.of("intarsia"), bin.resolve("intarsia")).toFile().setExecutable(true, false)).isTrue();
    }

    @BeforeEach
    void install() throws IOException {
        folder = Files.createTempDirectory(shared, "test");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        installed = Installed.of(home, folder.resolve("user"));
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>(Map.of("HOME", installed.user().toString(), "PATH", "/usr/bin:/bin",
                "JAVA_HOME", System.getProperty("java.home")));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    @Test
    void everythingThatIsWrittenGoesToTheUsersFolders() throws Exception {
        Map<Path, String> before = installed.state();
        bundle(installed.user().resolve("some.jar"));

        assertThat(installed.call(environment(), "install", "some.jar"))
                .isEqualTo(new Launched.Call(0, "org.example.some 1.0.0 is installed and runs\n", ""));
        assertThat(installed.user().resolve(".local/share/intarsia/deploy")).isDirectoryContaining("glob:**.jar");
        assertThat(installed.user().resolve(".cache/intarsia")).isDirectory();
        assertThat(installed.state()).isEqualTo(before);
        assertThat(installed.user().resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void withoutACacheFolderATemporaryOneServesAndOneLineSaysSo() throws Exception {
        Path none = installed.home().resolve("none");
        Launched.Call call = installed.call(environment("XDG_CACHE_HOME", none.toString()), "version");

        assertThat(call.out()).startsWith("Intarsia ");
        try (Stream<Path> temporary = Files.list(installed.user().resolve("tmp"))) {
            List<Path> left = temporary.toList();
            assertThat(left).singleElement().asString().contains("/intarsia-cache-");
            assertThat(call.err()).isEqualTo("intarsia: the cache folder '" + none + "' cannot be written; caches are in '"
                    + left.getFirst() + "' (XDG_CACHE_HOME names another folder)\n");
        }
    }

    @Test
    void withoutAPathTheToolsOfTheSystemAreFound() throws Exception {
        Launched.Call call = installed.call(environment("PATH", ""), "version");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith("Intarsia ");
    }

    @Test
    void theRuntimeInTheFolderIsTakenBeforeAnyOther() throws Exception {
        Path runtime = Files.createDirectories(folder.resolve("other/runtime"));
        Path other = runtime.getParent();
        Files.createSymbolicLink(other.resolve("lib"), home.resolve("lib"));
        Files.createDirectories(other.resolve("bin"));
        assertThat(Files.copy(Path.of("intarsia"), other.resolve("bin/intarsia")).toFile().setExecutable(true, false)).isTrue();
        Files.writeString(runtime.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        Path java = Files.writeString(Files.createDirectory(runtime.resolve("bin")).resolve("java"), "#!/bin/sh\necho own runtime\n");
        assertThat(java.toFile().setExecutable(true, false)).isTrue();

        assertThat(Installed.of(other, folder.resolve("another")).call(environment(), "version").out()).isEqualTo("own runtime\n");
    }

    static boolean systemdIsThere() {
        return Files.isExecutable(SYSTEMD_ANALYZE);
    }

    @Test
    @EnabledIf("systemdIsThere")
    void systemdTakesTheUnit() throws Exception {
        String unit = Files.readString(Path.of("src/release/intarsia.service"));
        assertThat(unit).contains("ExecStart=/opt/intarsia/bin/intarsia serve");
        Path place = Files.createSymbolicLink(folder.resolve("opt"), home);
        Path file = Files.writeString(folder.resolve("intarsia.service"), unit.replace("/opt/intarsia", place.toString()));

        Process process = new ProcessBuilder(SYSTEMD_ANALYZE.toString(), "verify", "--man=no", file.toString()).start();
        assertThat(Launched.end(process)).isEqualTo(new Launched.Call(0, "", ""));
    }

    private static void bundle(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "org.example.some");
        headers.putValue("Bundle-Version", "1.0.0");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }
}
