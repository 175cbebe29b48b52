package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archives that {@code mvn -Prelease verify} has made, as strangers use them: the page that says how, and all that a Java runtime
 * must bring, on a system whose JDKs are out of sight.
 */
@EnabledIfSystemProperty(named = "release.name", matches = ".+")
@EnabledIf("org.intarsia.distro.Installed#canTry")
class ArchiveIT {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String NAME = System.getProperty("release.name", "");
    private static final String SELF_CONTAINED = NAME + "-" + System.getProperty("release.platform");
    private static final String TESTED_HERE = "ArchiveIT";
    private static final Path LLAMA = Path.of("../bundles/transformer.core/src/test/resources/fixtures/llama");
    /** On a busy machine. */
    private static final long LOWEST_PRIORITY_MINUTES = 10;
    private static final int FEWEST_BUNDLES = 50;

    @TempDir
    private static Path folder;
    private static Installed installed;

    @BeforeAll
    static void unpack() throws Exception {
        Path place = Files.createDirectories(folder.resolve("some place"));
        sh(place, "tar xzf '" + TARGET.resolve(SELF_CONTAINED + ".tar.gz") + "'");
        installed = Installed.of(place.resolve(SELF_CONTAINED), folder.resolve("user"));
        Files.copy(Path.of("doc/star.png"), installed.user().resolve("star.png"));
        Files.copy(Path.of("itest/src/main/resources/tiny-recipe.json"), installed.user().resolve("recipe.json"));
    }

    /** No JAVA_HOME, and no java on the PATH. The launcher takes the runtime before it looks for a JDK in the usual places. */
    private static Map<String, String> environment() {
        return Map.of("HOME", installed.user().toString(), "PATH", "");
    }

    private static String call(String... words) throws Exception {
        Launched.Call call = installed.call(environment(), words);
        assertThat(call.status()).as(call.err()).isZero();
        // Training tells there how far it is.
        assertThat(call.err()).as(String.join(" ", words)).doesNotContain("intarsia:", "WARN", "ERROR");
        return call.out();
    }

    private static String sh(Path where, String script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).directory(where.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", where.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        Launched.Call call = Launched.end(process);
        assertThat(call.status()).as(call.out()).isZero();
        return call.out();
    }

    @Test
    void itMakesAndDescribesPicturesAndWritesNothingIntoItsFolder() throws Exception {
        Map<Path, String> before = installed.state();

        assertThat(call("imagine", "a red star left of a blue house", "--seed", "1", "--out", "picture.png"))
                .isEqualTo("picture.png (seed 1)\n");
        assertThat(call("describe", "picture.png")).contains("star");
        assertThat(call("backends")).contains("vectors of");
        assertThat(installed.state()).isEqualTo(before);
    }

    @Test
    void itConvertsACheckpointAndContinuesAText() throws Exception {
        Path model = Files.createDirectory(installed.user().resolve("DIR"));
        try (Stream<Path> files = Files.list(LLAMA)) {
            for (Path file : files.filter(file -> !file.getFileName().toString().startsWith("golden")).toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        assertThat(call("weights", "convert", "DIR", "model.gguf", "--encoding", "F32")).isNotBlank();
        assertThat(call("complete", "The house is red", "--text", "--max", "4", "--model", "model.gguf")).isNotBlank();
    }

    /** A bundle that lacks a package of the JDK is named on standard error. */
    @Test
    void everyBundleStartsOnTheRuntime() throws Exception {
        Process process = installed.prepared(environment(), new String[0]).start();
        try (OutputStream typed = process.getOutputStream()) {
            typed.write("version\nexit\n".getBytes(StandardCharsets.UTF_8));
        }
        Launched.Call call = Launched.end(process);
        assertThat(call.err()).isEmpty();
        assertThat(call.out()).contains("Intarsia 0.");
    }

    @Test
    void theFirstCallInATerminalPreparesFasterStarts() throws Exception {
        ProcessBuilder builder = installed.prepared(environment(), "version");
        String quoted = builder.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        builder.command("/usr/bin/script", "-qec", quoted, "/dev/null");
        Process process = builder.start();
        assertThat(Launched.end(process).out()).startsWith("Intarsia ");

        Path caches = installed.user().resolve(".cache/intarsia");
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LOWEST_PRIORITY_MINUTES); System.nanoTime() < end
                && !prepared(caches).equals(List.of(true));) {
            Thread.sleep(500);
        }
        assertThat(prepared(caches)).containsExactly(true);
        assertThat(call("version")).startsWith("Intarsia ");
    }

    /** Returns, for each file of a prepared start, true where it holds something; an empty one says that it was tried in vain. */
    private static List<Boolean> prepared(Path caches) throws IOException {
        try (Stream<Path> files = Files.list(caches)) {
            return files.filter(file -> file.toString().endsWith(".aot")).map(file -> file.toFile().length() > 0).toList();
        }
    }

    @Test
    void itServes() throws Exception {
        try (Serving server = new Serving(installed.prepared(environment(), "serve", "--port", "0"), folder.resolve("serve.log"));
                HttpClient client = HttpClient.newHttpClient()) {
            URI address = URI.create("http://127.0.0.1:" + server.port() + "/v1/images/generations");
            HttpRequest request = HttpRequest.newBuilder(address).header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a red star\", \"seed\": 1}")).build();
            HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
            assertThat(reply.body()).contains("\"b64_json\":\"iVBORw0KGgo");
        }
    }

    @Test
    void itTrains() throws Exception {
        assertThat(call("train", "recipe.json", "--out", "trained", "--steps", "2")).contains("trained");
        assertThat(installed.user().resolve("trained/model.safetensors")).isNotEmptyFile();
    }

    @Test
    void itSwaps() throws Exception {
        assertThat(call("run", installed.home().resolve("scripts/swap-halfway.gogo").toString())).contains("halves.png: identical ");
    }

    @Test
    void thePageSaysHowToInstallIt() throws Exception {
        Path place = Files.createDirectories(folder.resolve("page"));
        List<String> downloads = List.of(NAME + ".tar.gz", SELF_CONTAINED + ".tar.gz", NAME + ".cdx.json", SELF_CONTAINED + ".cdx.json",
                "SHA256SUMS");
        for (String file : downloads) {
            Files.createSymbolicLink(place.resolve(file), TARGET.resolve(file));
        }
        Page page = Page.all().filter(found -> found.name().equals("docs/install.md")).findFirst().orElseThrow();
        List<String> commands = page.blocks().stream()
                .filter(block -> block.reason().filter(why -> why.startsWith(TESTED_HERE)).isPresent())
                .flatMap(block -> block.commands().stream()).map(Page.Command::text).toList();
        assertThat(commands).hasSizeGreaterThan(4);

        String shown = sh(place, "set -e\n" + String.join("\n", commands));
        assertThat(shown).contains(SELF_CONTAINED + ".tar.gz: OK", "star.png (seed 1)", "Intarsia ");
    }

    @Test
    void theOtherArchiveRunsOnAJdk() throws Exception {
        Path place = Files.createDirectories(folder.resolve("jdk"));
        sh(place, "tar xzf '" + TARGET.resolve(NAME + ".tar.gz") + "'");
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("JAVA_HOME", System.getProperty("java.home"));

        assertThat(place.resolve(NAME).resolve("runtime")).doesNotExist();
        assertThat(Installed.of(place.resolve(NAME), place.resolve("user")).call(environment, "version").out()).startsWith("Intarsia ");
    }

    @Test
    void licencesAndBillOfMaterialsAreInside() throws Exception {
        assertThat(installed.home().resolve("LICENSE")).hasSameTextualContentAs(Path.of("../LICENSE"));
        assertThat(Files.readString(installed.home().resolve("NOTICE"))).contains("runtime/legal");
        assertThat(installed.home().resolve("runtime/legal/java.base/LICENSE")).isNotEmptyFile();
        assertThat(installed.home().resolve("sbom.cdx.json")).hasSameBinaryContentAs(TARGET.resolve(SELF_CONTAINED + ".cdx.json"));
        String bill = Files.readString(installed.home().resolve("sbom.cdx.json"), StandardCharsets.UTF_8);
        List<String> jars;
        try (Stream<Path> bundles = Files.list(installed.home().resolve("bundles"))) {
            jars = bundles.map(jar -> jar.getFileName().toString().replaceFirst("-\\d.*", "")).toList();
        }
        assertThat(jars).hasSizeGreaterThan(FEWEST_BUNDLES).allSatisfy(jar -> assertThat(bill).contains("\"name\" : \"" + jar + "\""));
        assertThat(bill).contains("\"name\" : \"OpenJDK\"");
    }

    @Test
    void thePagesReadAsThoseOfAnArchive() throws IOException {
        try (Stream<Path> pages = Files.walk(installed.home().resolve("docs"))) {
            for (Path page : pages.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(page)).as(page.toString()).doesNotContain("](../").doesNotContain("distro/intarsia ");
            }
        }
    }
}
