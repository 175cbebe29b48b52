package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.intarsia.provisioning.api.Change;
import org.intarsia.provisioning.api.Change.What;
import org.intarsia.provisioning.api.Provisioning;
import org.intarsia.provisioning.api.ProvisioningException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkUtil;

/** Bundles are installed, replaced and removed, by command and by the watched deploy folder. */
class InstallTest {
    private static final String NAME = "org.example.a";
    private static final String DECODER = "org.intarsia.image.decoder";
    private static final String REFUSED = DECODER + " 2.0.0 needs org.intarsia.model.api 2.0.0 and this platform has 1.0.0: "
            + "take a version of it that was built for that";
    private static final String NEW_API = "org.intarsia.model.api;version=\"[2.0,3)\"";
    private static final String NEEDS_FOO = "org.foo;version=\"[2,3)\"";
    private static final long PATIENCE_SECONDS = 30;
    /** FileInstall looks every 200 ms, and takes a file that has not changed between two looks. */
    private static final long LOOKS_MILLIS = 1000;

    private final Platform platform = new Platform();
    private final BundleContext context = FrameworkUtil.getBundle(InstallTest.class).getBundleContext();
    private final Path deploy = Path.of(context.getProperty("intarsia.deploy"));

    @TempDir
    private Path folder;
    private Provisioning provisioning;

    @BeforeEach
    void findTheService() throws Exception {
        provisioning = platform.service(Provisioning.class);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(version(NAME)).isEmpty();
        assertThat(platform.bundle(DECODER).getState()).isEqualTo(Bundle.ACTIVE);
        try (var files = Files.list(deploy)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aBundleComesChangesAndGoesByCommand() throws Exception {
        Change installed = provisioning.install(List.of(jar("one.jar", NAME, "1.0.0", ""))).getFirst();
        assertThat(installed.what()).isEqualTo(What.INSTALLED);
        assertThat(installed.running()).isTrue();
        assertThat(deploy.resolve(NAME + ".jar")).exists();

        Change updated = provisioning.update(NAME, Optional.of(jar("two.jar", NAME, "2.0.0", "")));
        assertThat(List.of(updated.before(), updated.version())).containsExactly("1.0.0", "2.0.0");
        assertThat(version(NAME)).hasValue("2.0.0");

        assertThat(provisioning.stop(NAME).running()).isFalse();
        assertThat(provisioning.start(NAME).running()).isTrue();
        assertThat(provisioning.uninstall(NAME).what()).isEqualTo(What.UNINSTALLED);
    }

    @Test
    void whatNeedsAnotherApiIsRefusedAndTheOldOneStays() throws Exception {
        URI other = jar("other.jar", DECODER, "2.0.0", NEW_API);
        String before = platform.bundle(DECODER).getVersion().toString();

        assertThatThrownBy(() -> provisioning.install(List.of(other)))
                .isInstanceOf(ProvisioningException.class).hasMessage(REFUSED);
        assertThatThrownBy(() -> provisioning.update(DECODER, Optional.of(other))).hasMessage(REFUSED);
        assertThat(version(DECODER)).hasValue(before);
    }

    @Test
    void aNewerDecoderTakesThePlaceOfTheBoxesUntilItIsUninstalled() throws Exception {
        String before = platform.bundle(DECODER).getVersion().toString();
        URI newer = decoder("9.0.0");

        assertThat(provisioning.install(List.of(newer)).getFirst().before()).isEqualTo(before);
        assertThat(version(DECODER)).hasValue("9.0.0");
        assertThat(platform.bundle(DECODER).getRegisteredServices()).isNotEmpty();

        Change back = provisioning.uninstall(DECODER);
        assertThat(back.what()).isEqualTo(What.REVERTED);
        assertThat(back.version()).isEqualTo(before);
        assertThat(platform.bundle(DECODER).getRegisteredServices()).isNotEmpty();
    }

    @Test
    void aJarThatIsDroppedReplacedAndDeletedDoesTheSame() throws Exception {
        Path dropped = deploy.resolve("dropped.jar");
        Path one = Path.of(jar("one.jar", NAME, "1.0.0", ""));
        Path two = Path.of(jar("two.jar", NAME, "2.0.0", ""));

        until(() -> version(NAME).equals(Optional.of("1.0.0")), () -> Files.copy(one, dropped));
        until(() -> version(NAME).equals(Optional.of("2.0.0")),
                () -> Files.copy(two, dropped, StandardCopyOption.REPLACE_EXISTING));
        until(() -> version(NAME).isEmpty(), () -> Files.delete(dropped));
    }

    @Test
    void ofTwoVersionsTheNewerRunsWhicheverFileComesOrGoes() throws Exception {
        Path one = Path.of(jar("one.jar", NAME, "1.0.0", ""));
        Path two = Path.of(jar("two.jar", NAME, "2.0.0", ""));
        Path older = deploy.resolve("b-older.jar");
        Path newer = deploy.resolve("a-newer.jar");

        until(() -> running(NAME).equals(Optional.of("1.0.0")), () -> Files.copy(one, older));
        until(() -> running(NAME).equals(Optional.of("2.0.0")), () -> Files.copy(two, newer));
        assertThat(changesWhile(() -> {
            Files.delete(older);
            Files.copy(one, older);
        })).isEmpty();
        assertThatThrownBy(() -> provisioning.install(List.of(jar("zero.jar", NAME, "0.9.0", ""))))
                .hasMessage(NAME + " 0.9.0 is older than the 1.0.0 in " + older + "; remove that file first");
        until(() -> running(NAME).equals(Optional.of("1.0.0")), () -> Files.delete(newer));
        // What is copied over a file counts, whatever its version.
        until(() -> running(NAME).equals(Optional.of("0.9.0")),
                () -> Files.copy(folder.resolve("zero.jar"), older, StandardCopyOption.REPLACE_EXISTING));
        until(() -> version(NAME).isEmpty(), () -> Files.delete(older));
    }

    @Test
    void aNewerVersionThatIsRefusedLeavesTheOlderOneRunning() throws Exception {
        Path one = Path.of(jar("one.jar", NAME, "1.0.0", ""));
        Path two = Path.of(jar("two.jar", NAME, "2.0.0", NEW_API));
        Path newer = deploy.resolve("a-newer.jar");

        until(() -> running(NAME).equals(Optional.of("1.0.0")), () -> Files.copy(one, deploy.resolve("b-older.jar")));
        assertThat(changesWhile(() -> Files.copy(two, newer))).isEmpty();
        assertThat(version(NAME)).hasValue("1.0.0");
        Files.delete(newer);
        assertThat(provisioning.uninstall(NAME).what()).isEqualTo(What.UNINSTALLED);
    }

    @Test
    void aFolderThatIsRemovedAndMadeAgainIsWatched() throws Exception {
        Path one = Path.of(jar("one.jar", NAME, "1.0.0", ""));
        Path two = Path.of(jar("two.jar", NAME, "2.0.0", ""));
        Path dropped = deploy.resolve("dropped.jar");

        until(() -> running(NAME).equals(Optional.of("1.0.0")), () -> Files.copy(one, dropped));
        Files.delete(dropped);
        Files.delete(deploy);
        Thread.sleep(LOOKS_MILLIS);
        until(() -> running(NAME).equals(Optional.of("2.0.0")), () -> {
            Files.createDirectory(deploy);
            Files.copy(two, dropped);
        });
        until(() -> version(NAME).isEmpty(), () -> Files.delete(dropped));
    }

    @Test
    void aJarThatGrowsIsInstalledWhenItIsWholeAndALinkIsFollowed() throws Exception {
        Path one = Path.of(jar("one.jar", NAME, "1.0.0", ""));
        Path two = Path.of(jar("two.jar", NAME, "2.0.0", ""));
        Path dropped = deploy.resolve("dropped.jar");
        Path older = deploy.resolve("older.jar");
        byte[] whole = Files.readAllBytes(two);

        until(() -> running(NAME).equals(Optional.of("1.0.0")), () -> Files.createSymbolicLink(dropped, one));
        assertThat(changesWhile(() -> {
            Files.delete(dropped);
            Files.write(dropped, Arrays.copyOf(whole, whole.length / 2));
            Files.copy(Path.of(jar("zero.jar", NAME, "0.9.0", "")), older);
        })).isEmpty();
        assertThat(version(NAME)).hasValue("1.0.0");
        Files.delete(older);
        until(() -> running(NAME).equals(Optional.of("2.0.0")), () -> Files.write(dropped, whole));
        until(() -> version(NAME).isEmpty(), () -> Files.delete(dropped));
        assertThat(one).exists();
    }

    @Test
    void aDroppedJarThatNeedsAnotherApiIsOneSentenceAndTheOldOneStays() throws Exception {
        Path dropped = deploy.resolve("dropped.jar");
        Path other = Path.of(jar("other.jar", DECODER, "2.0.0", NEW_API));
        String before = platform.bundle(DECODER).getVersion().toString();

        assertThat(sentenceAfter(() -> Files.copy(other, dropped)))
                .endsWith("WARN org.intarsia.provisioning.Installer - " + dropped + " is left out: " + REFUSED);
        assertThat(version(DECODER)).hasValue(before);
        Files.delete(dropped);
    }

    @Test
    void aRequestThatCannotBeResolvedIsOneSentence() throws Exception {
        URI needy = jar("needy.jar", "org.example.x", "1.0.0", NEEDS_FOO);

        assertThatThrownBy(() -> provisioning.resolve(List.of(), List.of(needy), List.of())).hasMessage("org.example.x needs "
                + "the package org.foo [2.0.0,3.0.0), which no installed bundle or repository has");
        assertThatThrownBy(() -> provisioning.resolve(List.of("org.example.y"), List.of(), List.of()))
                .hasMessage("no repository has a bundle org.example.y");
    }

    @Test
    void aRepositoryBringsWhatABundleNeeds() throws Exception {
        URI index = index(sha256(Path.of(jar("needy.jar", NAME, "1.0.0", NEEDS_FOO))),
                sha256(exporter()));

        List<Change> changes = provisioning.resolve(List.of(NAME), List.of(), List.of(index));
        assertThat(changes).extracting(Change::bundle).containsExactly("org.example.foo", NAME);
        assertThat(changes).allMatch(Change::running).allMatch(Change::lasting);

        Change gone = provisioning.uninstall("org.example.foo");
        assertThat(gone.users()).containsExactly(NAME);
        assertThat(gone.stopped()).containsExactly(NAME);
        assertThat(provisioning.resolve(List.of("org.example.foo"), List.of(), List.of(index)).getFirst().revived())
                .containsExactly(NAME);
        provisioning.uninstall("org.example.foo");
        provisioning.uninstall(NAME);
    }

    @Test
    void aFileThatIsNotTheOneOfTheRepositoryIsRefused() throws Exception {
        URI index = index(sha256(Path.of(jar("needy.jar", NAME, "1.0.0", NEEDS_FOO))), "0");
        exporter();

        assertThatThrownBy(() -> provisioning.resolve(List.of(NAME), List.of(), List.of(index))).hasMessage(
                folder.resolve("foo.jar") + " is not the file that the repository describes: its SHA-256 differs");
    }

    private Optional<String> version(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().equals(name)).findFirst()
                .map(bundle -> bundle.getVersion().toString());
    }

    /** The version of a bundle that runs. */
    private Optional<String> running(String name) {
        return version(name).filter(version -> Arrays.stream(context.getBundles())
                .anyMatch(bundle -> bundle.getSymbolicName().equals(name) && bundle.getState() == Bundle.ACTIVE));
    }

    /** Does something, and waits until the framework's bundles are as they should be. */
    private void until(BooleanSupplier condition, Platform.Action action) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        BundleListener listener = event -> {
            if (condition.getAsBoolean()) {
                reached.countDown();
            }
        };
        context.addBundleListener(listener);
        try {
            action.run();
            assertThat(reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            context.removeBundleListener(listener);
        }
    }

    /** Does something, and returns what became of the bundle while FileInstall looked. */
    private List<String> changesWhile(Platform.Action action) throws Exception {
        List<String> changes = new CopyOnWriteArrayList<>();
        BundleListener listener = event -> {
            if (NAME.equals(event.getBundle().getSymbolicName())) {
                changes.add(event.getType() + " " + event.getBundle().getVersion());
            }
        };
        context.addBundleListener(listener);
        try {
            action.run();
            Thread.sleep(LOOKS_MILLIS);
            return changes;
        } finally {
            context.removeBundleListener(listener);
        }
    }

    /** Does something, and waits for the next line on standard error. */
    private static String sentenceAfter(Platform.Action action) throws Exception {
        PrintStream before = System.err;
        StringBuilder line = new StringBuilder();
        CountDownLatch ended = new CountDownLatch(1);
        System.setErr(new PrintStream(new OutputStream() {
            @Override
            public void write(int letter) {
                if (letter == '\n') {
                    ended.countDown();
                } else if (ended.getCount() > 0) {
                    line.append((char) letter);
                }
            }
        }, true));
        try {
            action.run();
            assertThat(ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return line.toString();
        } finally {
            System.setErr(before);
        }
    }

    /** A bundle without code. */
    private URI jar(String file, String name, String version, String imports) throws IOException {
        return jar(file, Map.of("Bundle-SymbolicName", name, "Bundle-Version", version, "Import-Package", imports)).toUri();
    }

    private Path exporter() throws IOException {
        return jar("foo.jar", Map.of("Bundle-SymbolicName", "org.example.foo", "Bundle-Version", "1.0.0",
                "Export-Package", "org.foo;version=2.3"));
    }

    private Path jar(String file, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Bundle-ManifestVersion", "2");
        headers.forEach((name, value) -> {
            if (!value.isEmpty()) {
                attributes.putValue(name, value);
            }
        });
        Path jar = folder.resolve(file);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** The index of a repository that holds a bundle and the one that exports what it needs, beside it. */
    private URI index(String needy, String exporter) throws IOException {
        return Files.writeString(folder.resolve("index.xml"), """
                <repository xmlns="http://www.osgi.org/xmlns/repository/v1.0.0" name="test" increment="1">
                  <resource>
                    <capability namespace="osgi.identity">
                      <attribute name="osgi.identity" value="%s"/>
                      <attribute name="type" value="osgi.bundle"/>
                      <attribute name="version" value="1.0.0" type="Version"/>
                    </capability>
                    <capability namespace="osgi.content">
                      <attribute name="osgi.content" value="%s"/>
                      <attribute name="url" value="needy.jar"/>
                    </capability>
                    <requirement namespace="osgi.wiring.package">
                      <directive name="filter" value="(&amp;(osgi.wiring.package=org.foo)(version&gt;=2.0.0)(!(version&gt;=3.0.0)))"/>
                    </requirement>
                  </resource>
                  <resource>
                    <capability namespace="osgi.identity">
                      <attribute name="osgi.identity" value="org.example.foo"/>
                      <attribute name="type" value="osgi.bundle"/>
                      <attribute name="version" value="1.0.0" type="Version"/>
                    </capability>
                    <capability namespace="osgi.content">
                      <attribute name="osgi.content" value="%s"/>
                      <attribute name="url" value="foo.jar"/>
                    </capability>
                    <capability namespace="osgi.wiring.package">
                      <attribute name="osgi.wiring.package" value="org.foo"/>
                      <attribute name="version" value="2.3.0" type="Version"/>
                    </capability>
                  </resource>
                </repository>
                """.formatted(NAME, needy, exporter)).toUri();
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    /** The decoder of the box under another version. */
    private URI decoder(String version) throws IOException {
        Path box = Path.of(context.getProperty("intarsia.home"), "bundles");
        Path jar = folder.resolve("decoder.jar");
        try (var files = Files.list(box)) {
            Path original = files.filter(file -> file.getFileName().toString().startsWith(DECODER)).findFirst().orElseThrow();
            try (JarFile from = new JarFile(original.toFile())) {
                Manifest manifest = from.getManifest();
                manifest.getMainAttributes().putValue("Bundle-Version", version);
                try (JarOutputStream to = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                    for (JarEntry entry : from.stream().filter(entry -> !entry.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                        to.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = from.getInputStream(entry)) {
                            in.transferTo(to);
                        }
                    }
                }
            }
        }
        return jar.toUri();
    }
}
