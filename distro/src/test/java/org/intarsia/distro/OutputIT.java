package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Output that cannot be written, and folders that the platform cannot start in, end with a sentence. */
class OutputIT extends Launched {
    private static final File FULL = new File("/dev/full");

    static boolean fullExists() {
        return FULL.exists();
    }

    @Test
    @EnabledIf("fullExists")
    void aFullDiskIsASentenceAndStatusOne() throws Exception {
        for (String[] words : List.of(new String[] {"version"}, new String[] {"models", "--json"},
                new String[] {"nonsense", "--json"})) {
            Call call = end(closed(prepared(words).redirectOutput(FULL).start()));
            assertThat(call.err()).startsWith("intarsia: standard output cannot be written (").hasLineCount(1);
            assertThat(call.status()).isEqualTo(1);
        }
    }

    @Test
    void aClosedPipeEndsWorkThatHasNoEnd() throws Exception {
        Process process = open("tokenize");
        try (OutputStream lines = process.getOutputStream()) {
            lines.write("\"a red star\"\n".getBytes(StandardCharsets.UTF_8));
            lines.flush();
            assertThat(process.inputReader().readLine()).startsWith("[");
            process.getInputStream().close();
            while (process.isAlive()) {
                lines.write("\"a red star\"\n".repeat(100).getBytes(StandardCharsets.UTF_8));
                lines.flush();
            }
        } catch (IOException e) {
            // It has ended, and reads no more.
            assertThat(e).hasMessageContaining("pipe");
        }
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(process.errorReader().lines()).singleElement().asString()
                .startsWith("intarsia: standard output cannot be written (");
    }

    @Test
    void errorsAreJsonWhereResultsAre() throws Exception {
        assertThat(call("version", "--jsno", "--json")).isEqualTo(new Call(2,
                "{\"error\":\"version: unknown option --jsno; did you mean --json?\",\"status\":2}\n", ""));
    }

    @Test
    void theLastLineCountsWithoutItsEnd() throws Exception {
        Process process = open();
        try (OutputStream typed = process.getOutputStream()) {
            typed.write("version".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(end(process).out()).contains("Intarsia 0.");
    }

    @Test
    void aHomeThatCannotBeWrittenIsOneLine() throws Exception {
        options = " -Duser.home=" + folder.resolve("none");
        Process process = open();
        try (OutputStream typed = process.getOutputStream()) {
            typed.write("version\nversion\n".getBytes(StandardCharsets.UTF_8));
        }
        Call call = end(process);
        assertThat(call.out()).contains("Intarsia 0.").doesNotContain("Exception");
        assertThat(call.err()).contains("is not kept for the next time: " + folder.resolve("none/.gogo.history"))
                .doesNotContain("Exception", "WARNING");
    }

    @Test
    void foldersThatJavaCannotStartInAreNamed() throws Exception {
        for (String name : List.of("colon:x", "fox🦊", "empty")) {
            Path box = Files.createDirectory(folder.resolve(name));
            Files.copy(Path.of("intarsia"), box.resolve("intarsia"));
            Path lib = Files.createDirectory(name.equals("empty") ? box.resolve("target") : box.resolve("lib"));
            Files.createFile(lib.resolve("launcher.jar"));
            Files.createFile(lib.resolve("framework.jar"));
            Call call = end(closed(prepared(List.of(box.resolve("intarsia").toString(), "version")).start()));
            assertThat(call.err()).startsWith("intarsia: the folder '" + box).contains(name.equals("empty")
                    ? "lacks lib/launcher.jar" : "in its name").hasLineCount(1);
            assertThat(call.status()).isEqualTo(1);
        }
    }

    @Test
    void whatTheJvmSaysOfItsOptionsIsHeard() throws Exception {
        options = " -Xnonsense";
        Call call = call("version");
        assertThat(call.err()).contains("intarsia: Java: ").contains("nonsense").doesNotContain("incubator");
        assertThat(call.status()).isEqualTo(1);
    }

    @Test
    void namesFromFilesAreShownAsText() throws Exception {
        Path file = folder.resolve("names.safetensors");
        try (var resource = getClass().getResourceAsStream("/ctrl_name.safetensors")) {
            Files.copy(resource, file);
        }
        String all = Stream.of(call("weights", "inspect", file.toString()), call("weights", "inspect", file.toString(), "--json"),
                call("weights", "verify", file.toString(), "--all")).map(Call::out).reduce("", String::concat);
        assertThat(all).contains("a\\u000ab\\u001b[2J\\u0000c").contains("\"name\":\"a\\nb\\u001B[2J\\u0000c\"");
        assertThat(all.chars().filter(c -> Character.isISOControl(c) && c != '\n')).isEmpty();
    }

    private static Process closed(Process process) throws IOException {
        process.getOutputStream().close();
        return process;
    }
}
