package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code distro/intarsia} as a user calls it: words in; a status, output and error lines out. */
class ScriptIT {
    private static final Path SCRIPT = Path.of("intarsia").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    /** How a call ended. */
    private record Call(int status, String out, String err) {
    }

    @Test
    void aResultGoesToStandardOutputAndNothingElseIsSaid() throws Exception {
        Call call = call("version");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith("Intarsia ").hasLineCount(1);
        assertThat(call.status()).isZero();
    }

    @Test
    void jsonIsOneLine() throws Exception {
        Call call = call("backends", "--json");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).startsWith("[{\"name\":\"cpu\"").hasLineCount(1);
    }

    @Test
    void aWrongCallIsOneLineAndStatusTwo() throws Exception {
        assertThat(call("versoin")).isEqualTo(new Call(2, "",
                "intarsia: there is no command versoin; did you mean version? (`intarsia help` lists them)\n"));
        assertThat(call("version", "--jsno")).isEqualTo(new Call(2, "",
                "intarsia: version: unknown option --jsno; did you mean --json?\n"));
    }

    @Test
    void everyLetterArrivesAsItIs() throws Exception {
        String name = "ein \"grüner\" Stern; $HOME {x} [y] 'z' *.gosh";

        assertThat(call("run", name)).isEqualTo(new Call(1, "",
                "intarsia: " + name + ": there is no such file or folder\n"));
    }

    @Test
    void aScriptRunsInTheCallersFolderAndEndsAtItsFirstFailure() throws Exception {
        Files.writeString(folder.resolve("good.gosh"), "version\nversion --json\n");
        Files.writeString(folder.resolve("bad.gosh"), "version\nversion --jsno\nversion\n");

        Call good = call("run", "good.gosh");
        assertThat(good.out()).hasLineCount(2);
        assertThat(good.status()).isZero();
        Call bad = call("run", "bad.gosh");
        assertThat(bad.out()).hasLineCount(1);
        assertThat(bad.err()).hasLineCount(1);
        assertThat(bad.status()).isEqualTo(2);
    }

    @Test
    void aStackTraceAppearsOnlyWhereAsked() throws Exception {
        assertThat(call("run", "none").err()).hasLineCount(1);
        assertThat(call("run", "none", "--verbose").err()).contains("NoSuchFileException", "\tat ");
    }

    @Test
    void processesSideBySideKeepOutOfEachOthersWayAndTidyUp() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(start("version"));
        }
        for (Process process : processes) {
            assertThat(end(process).status()).isZero();
        }
        try (var left = Files.list(temporary())) {
            assertThat(left).isEmpty();
        }
    }

    private Call call(String... words) throws IOException, InterruptedException {
        return end(start(words));
    }

    private Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("INTARSIA_BUILD", "never");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("INTARSIA_JAVA_OPTS", "-Djava.io.tmpdir=" + Files.createDirectories(temporary()));
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    private static Call end(Process process) throws IOException, InterruptedException {
        // No command here writes more than a pipe holds, so the two streams can be read one after the other.
        String out = new String(process.getInputStream().readAllBytes());
        String err = new String(process.getErrorStream().readAllBytes());
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Call(process.exitValue(), out, err);
    }
}
