package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
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

    @Test
    void loopsAndVariablesWorkInScripts() throws Exception {
        Files.writeString(folder.resolve("loop.gosh"), """
                found = (models)
                each $found { echo "model $(($it name))" }
                components | grep 'transformer core'
                """);

        Call call = call("run", "loop.gosh");
        assertThat(call.err()).isEmpty();
        assertThat(call.out().lines()).hasSize(2).startsWith("model picturebook");
    }

    @Test
    void nothingListensUntilSomebodyAsksForItAndThenOnLoopbackOnly() throws Exception {
        Process process = open();
        try (BufferedReader shown = process.inputReader(); Writer typed = process.outputWriter()) {
            type(typed, "version");
            await(shown, "on org.apache.felix.framework");
            assertThat(listening(process)).isEmpty();

            int port = freePort();
            type(typed, "remote start --port " + port);
            await(shown, "telnetd is running on 127.0.0.1:" + port);
            try (Socket socket = connect(port)) {
                assertThat(listening(process)).containsExactly("127.0.0.1:" + port);
                BufferedReader remote = new BufferedReader(new InputStreamReader(socket.getInputStream()));
                // What is typed ahead of the prompt is lost.
                await(remote, "intarsia> ");
                type(new OutputStreamWriter(socket.getOutputStream()), "version\r");
                await(remote, "on org.apache.felix.framework");
            }
            type(typed, "remote stop --json");
            await(shown, "{\"address\":\"127.0.0.1\",\"port\":2019,\"listening\":false}");
            assertThat(listening(process)).isEmpty();
            type(typed, "exit");
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void type(Writer typed, String line) throws IOException {
        typed.write(line + "\n");
        typed.flush();
    }

    private static void await(BufferedReader shown, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int letter = shown.read();
            assertThat(letter).as("after " + read).isNotNegative();
            read.append((char) letter);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The server's thread opens its socket a moment after it said so. */
    private static Socket connect(int port) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                return new Socket("127.0.0.1", port);
            } catch (ConnectException e) {
                if (attempt == 50) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    /** The addresses that a process listens on, as Linux tells them. */
    private static List<String> listening(Process process) throws IOException {
        Set<String> own = new HashSet<>();
        try (var descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                own.add(Files.readSymbolicLink(descriptor).toString());
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/net/" + table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]")) {
                    addresses.add(address(fields[1]));
                }
            }
        }
        return addresses;
    }

    /** Four bytes in the order of the machine, which is backwards here, or sixteen of them that hold such four; then the port. */
    private static String address(String hexadecimal) {
        String[] parts = hexadecimal.split(":");
        byte[] last = HexFormat.of().parseHex(parts[0].substring(parts[0].length() - 8));
        return "%d.%d.%d.%d:%d".formatted(last[3] & 255, last[2] & 255, last[1] & 255, last[0] & 255, Integer.parseInt(parts[1], 16));
    }

    private Call call(String... words) throws IOException, InterruptedException {
        return end(start(words));
    }

    private Process start(String... words) throws IOException {
        Process process = open(words);
        process.getOutputStream().close();
        return process;
    }

    private Process open(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("INTARSIA_BUILD", "never");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("INTARSIA_JAVA_OPTS", "-Djava.io.tmpdir=" + Files.createDirectories(temporary()));
        return builder.start();
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
