package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/** Bundles are installed, updated and removed from the command line, and that lasts. */
class InstallIT extends Launched {
    @Test
    void whatIsInstalledIsThereInTheNextProcessUntilItIsUninstalled() throws Exception {
        bundle("first.jar", "org.example.a", "1.0.0", "");
        bundle("second.jar", "org.example.a", "1.1.0", "");

        assertThat(call("install", "first.jar")).isEqualTo(new Call(0, "org.example.a 1.0.0 is installed and runs\n", ""));
        assertThat(call("start", "org.example.a").out()).isEqualTo("org.example.a 1.0.0 runs already\n");
        assertThat(call("update", "org.example.a", "second.jar").out())
                .isEqualTo("org.example.a 1.1.0 takes the place of 1.0.0 and runs\n");
        assertThat(call("uninstall", "org.example.a")).isEqualTo(new Call(0, "org.example.a 1.1.0 is uninstalled\n", ""));
        assertThat(call("start", "org.example.a"))
                .isEqualTo(new Call(1, "", "intarsia: there is no bundle org.example.a\n"));
        assertThat(deployed()).isEmpty();
    }

    @Test
    void whatIsNoBundleIsOneSentenceAndNothingIsInstalled() throws Exception {
        byte[] whole = Files.readAllBytes(bundle("whole.jar", "org.example.a", "1.0.0", ""));
        Files.write(folder.resolve("cut.jar"), Arrays.copyOf(whole, whole.length / 2));
        bundle("other.jar", "org.intarsia.image.decoder", "2.0.0", "org.intarsia.model.api;version=\"[2.0,3)\"");

        assertThat(call("install", "cut.jar").err())
                .isEqualTo("intarsia: " + folder.resolve("cut.jar") + " is not a whole jar: zip END header not found\n");
        assertThat(call("install", "none.jar")).isEqualTo(new Call(1, "",
                "intarsia: " + folder.resolve("none.jar") + " cannot be read: there is no such file\n"));
        assertThat(call("install", "http://localhost:1/a.jar").err())
                .startsWith("intarsia: http://localhost:1/a.jar cannot be read: the host does not answer").hasLineCount(1);
        assertThat(call("install", "other.jar")).isEqualTo(new Call(1, "", "intarsia: org.intarsia.image.decoder 2.0.0 needs "
                + "org.intarsia.model.api 2.0.0 and this platform has 1.0.0: take a version of it that was built for that\n"));
        assertThat(deployed()).isEmpty();
    }

    @Test
    void whatABundleNeedsIsBroughtFromTheIndexOfTheBox() throws Exception {
        Files.writeString(folder.resolve("resolve.gosh"), """
                uninstall org.intarsia.backend.vulkan org.intarsia.backend.opencl
                uninstall org.intarsia.backend.gpu
                uninstall org.intarsia.lwjgl
                install --resolve org.intarsia.backend.vulkan --json
                """);

        Call call = call("run", "resolve.gosh");
        assertThat(call.err()).isEmpty();
        assertThat(call.out().lines().toList().getLast())
                .containsSubsequence("\"bundle\":\"org.intarsia.backend.vulkan\"")
                .contains("\"bundle\":\"org.intarsia.backend.gpu\"", "\"bundle\":\"org.intarsia.lwjgl\"")
                .doesNotContain("opencl", "\"running\":false");
        // They are part of the box, so nothing is kept.
        assertThat(folder.resolve("deploy")).doesNotExist();
    }

    @Test
    void aProcessThatIsKilledWhileItInstallsLeavesNothingBehind() throws Exception {
        Path slow = folder.resolve("slow.jar");
        assertThat(new ProcessBuilder("mkfifo", slow.toString()).start().waitFor()).isZero();
        Process process = start("install", slow.toString());
        // Opening waits for the reader; and more than a pipe holds is written only once some of it was received.
        try (OutputStream out = Files.newOutputStream(slow)) {
            out.write(new byte[1 << 20]);
            process.destroyForcibly().waitFor();
        }
        assertThat(deployed()).singleElement().asString().endsWith(".part");

        assertThat(call("start", "slow").err()).isEqualTo("intarsia: there is no bundle slow\n");
        assertThat(deployed()).isEmpty();
    }

    /** A bundle without code. */
    private Path bundle(String file, String name, String version, String imports) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", version);
        if (!imports.isEmpty()) {
            headers.putValue("Import-Package", imports);
        }
        Path jar = folder.resolve(file);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    private List<Path> deployed() throws IOException {
        try (var files = Files.list(folder.resolve("deploy"))) {
            return files.toList();
        }
    }
}
