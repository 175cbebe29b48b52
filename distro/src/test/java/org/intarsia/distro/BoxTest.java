package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The bundles of a folder in a framework, at a start level. */
class BoxTest {
    private static final String EXTENDER = "osgi.extender";

    @TempDir
    private Path home;
    private Framework framework;

    @BeforeEach
    void begin() throws Exception {
        Files.createDirectories(home.resolve("bundles"));
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
                Constants.FRAMEWORK_STORAGE, home.resolve("storage").toString(), "felix.cache.locking", "false", "felix.log.level", "0",
                "felix.startlevel.bundle", Integer.toString(StartLevels.DEFAULT)));
        framework.init();
    }

    @AfterEach
    void end() throws Exception {
        framework.stop();
        framework.waitForStop(5_000);
    }

    @Test
    void whatStandsAboveTheLevelIsNeitherStartedNorResolved() throws Exception {
        write("low", Map.of());
        write("high", Map.of());

        assertThat(started(new StartLevels(Map.of("high", 20)), 10)).isEqualTo(Map.of("low", Bundle.ACTIVE, "high", Bundle.INSTALLED));
    }

    @Test
    void anExtenderStartsWithABundleThatCannotBeWithoutIt() throws Exception {
        write("extender", Map.of("Provide-Capability", EXTENDER + ";osgi.extender=loads"));
        write("needs", Map.of("Require-Capability", EXTENDER + ";filter:=\"(osgi.extender=loads)\""));

        assertThat(started(new StartLevels(Map.of("extender", 20)), 10)).isEqualTo(Map.of("extender", Bundle.ACTIVE, "needs", Bundle.ACTIVE));
    }

    @Test
    void anExtenderThatABundleCanBeWithoutWaitsForItsLevel() throws Exception {
        write("extender", Map.of("Provide-Capability", EXTENDER + ";osgi.extender=loads"));
        write("likes", Map.of("Require-Capability", EXTENDER + ";filter:=\"(osgi.extender=loads)\";resolution:=optional"));

        assertThat(started(new StartLevels(Map.of("extender", 20)), 10)).containsEntry("likes", Bundle.ACTIVE)
                .doesNotContainEntry("extender", Bundle.ACTIVE);
    }

    @Test
    void aFragmentIsNotStarted() throws Exception {
        write("host", Map.of());
        write("part", Map.of(Constants.FRAGMENT_HOST, "host"));

        assertThat(started(new StartLevels(Map.of()), 10)).isEqualTo(Map.of("host", Bundle.ACTIVE, "part", Bundle.RESOLVED));
    }

    @Test
    void aBundleThatCannotBeResolvedKeepsNoOtherFromStarting() throws Exception {
        write("broken", Map.of(Constants.IMPORT_PACKAGE, "nowhere"));
        write("whole", Map.of());

        assertThat(started(new StartLevels(Map.of()), 10)).isEqualTo(Map.of("broken", Bundle.INSTALLED, "whole", Bundle.ACTIVE));
    }

    private Map<String, Integer> started(StartLevels levels, int level) throws Exception {
        Box box = new Box(framework, home);
        box.install(levels);
        framework.start();
        box.start(level);
        return Stream.of(framework.getBundleContext().getBundles()).filter(bundle -> bundle.getBundleId() != 0)
                .collect(Collectors.toMap(Bundle::getSymbolicName, Bundle::getState));
    }

    private void write(String name, Map<String, String> headers) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.forEach(main::putValue);
        try (OutputStream file = Files.newOutputStream(home.resolve("bundles/" + name + ".jar"));
                JarOutputStream jar = new JarOutputStream(file, manifest)) {
            jar.finish();
        }
    }
}
