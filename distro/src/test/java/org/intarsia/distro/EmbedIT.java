package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.resource.ResourceUtils;
import biz.aQute.resolve.Bndrun;
import biz.aQute.resolve.RunResolution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.resource.Resource;

/** Others resolve a system from the index of the box, start it in a framework of their own, and get the same picture. */
class EmbedIT {
    private static final Path BOX = Path.of("target/intarsia").toAbsolutePath();
    private static final Path EXAMPLE = Path.of("examples/embedded").toAbsolutePath();
    private static final int PNG_SIGNATURE = 8;
    private static final int PNG_CHUNK_FRAME = 12;
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    private Path folder;
    private Path bundles;

    @BeforeEach
    void makeFolder() throws IOException {
        bundles = Files.createDirectory(folder.resolve("bundles"));
    }

    @Test
    void aModelBringsAllThatItsPicturesNeed() throws Exception {
        resolve("bnd.identity;id=org.intarsia.model.picturebook");

        assertThat(names()).contains("org.intarsia.engine", "org.intarsia.tokenizer", "org.intarsia.vision.encoder",
                "org.intarsia.transformer.core", "org.intarsia.image.decoder", "org.intarsia.backend.cpu")
                .doesNotContain("org.intarsia.shell", "org.apache.felix.gogo.jline");
        assertThat(picture(BOX.resolve("lib/framework.jar"))).isEqualTo(star());
    }

    @Test
    void theSameBundlesPaintTheSamePictureInEquinox() throws Exception {
        resolve("bnd.identity;id=org.intarsia.model.picturebook");

        assertThat(picture(Path.of("target/equinox.jar").toAbsolutePath())).isEqualTo(star());
    }

    @Test
    void theShellAndAModelAreASystemThatMakesPictures() throws Exception {
        resolve("bnd.identity;id=org.intarsia.shell,bnd.identity;id=org.intarsia.model.picturebook");

        assertThat(names()).contains("org.intarsia.shell", "org.intarsia.engine", "org.intarsia.image.decoder");
        assertThat(picture(BOX.resolve("lib/framework.jar"))).isEqualTo(star());
    }

    @Test
    void thePageShowsTheProgramAndTheResolutionAsTheyAre() throws IOException {
        String page = Files.readString(Path.of("../docs/embed.md"));
        assertThat(page).contains(Files.readString(EXAMPLE.resolve("Embedded.java")),
                Files.readString(EXAMPLE.resolve("picturebook.bndrun")));
    }

    /** Resolves as the example does, with other requirements, and puts what was found into the folder of bundles. */
    private void resolve(String requirements) throws Exception {
        Path file = folder.resolve("system.bndrun");
        Files.writeString(file, Files.readString(EXAMPLE.resolve("picturebook.bndrun"))
                .replace("../../target/intarsia/index.xml", BOX.resolve("index.xml").toUri().toString())
                .replaceAll("-runrequires: .*", "-runrequires: " + requirements));
        try (Bndrun run = Bndrun.createBndrun(null, file.toFile())) {
            RunResolution resolution = run.resolve().reportException();
            assertThat(run.getErrors()).isEmpty();
            for (Resource resource : resolution.getOrderedResources()) {
                URI jar = ResourceUtils.getURI(resource).orElseThrow();
                // Parts of multi-release jars are resources, too, but no files.
                if (jar.getScheme().equals("file")) {
                    Files.copy(Path.of(jar), bundles.resolve(ResourceUtils.getIdentity(resource) + ".jar"));
                }
            }
        }
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(bundles)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.jar$", "")).toList();
        }
    }

    /** Runs the example, with this framework on the class path. */
    private byte[] picture(Path framework) throws IOException, InterruptedException {
        Path out = folder.resolve("star.png");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.io.tmpdir=" + folder,
                "-cp", framework + ":" + bundles + "/*", EXAMPLE.resolve("Embedded.java").toString(),
                bundles.toString(), "a red star left of a blue house", out.toString()));
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return Files.readAllBytes(out);
    }

    /** The picture of the README, without the record of how it was made. */
    private static byte[] star() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(Path.of("doc/star.png")));
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        kept.write(file.array(), 0, PNG_SIGNATURE);
        for (int at = PNG_SIGNATURE; at < file.limit();) {
            int length = file.getInt(at) + PNG_CHUNK_FRAME;
            String type = new String(file.array(), at + Integer.BYTES, Integer.BYTES, StandardCharsets.US_ASCII);
            if (!type.equals("iTXt")) {
                kept.write(file.array(), at, length);
            }
            at += length;
        }
        return kept.toByteArray();
    }
}
