package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nothing listens unless it is asked to. */
class RemoteIT extends Launched {
    @Test
    void nothingListensUntilSomebodyAsksForItAndThenOnLoopbackOnly() throws Exception {
        Process process = open();
        try (BufferedReader shown = process.inputReader(); Writer typed = process.outputWriter()) {
            type(typed, "version");
            await(shown, "on org.apache.felix.framework");
            assertThat(listening(process)).isEmpty();

            int port = freePort();
            type(typed, "remote start --port " + port);
            await(shown, "listening on 127.0.0.1:" + port);
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

    @Test
    void aSessionEndsByItselfAndThePlatformGoesOn() throws Exception {
        Process process = prepared().redirectErrorStream(true).start();
        try (BufferedReader shown = process.inputReader(); Writer typed = process.outputWriter()) {
            int port = freePort();
            type(typed, "remote start --port " + port);
            await(shown, "listening on 127.0.0.1:" + port);

            // What is sent at once is not lost where nobody negotiates.
            assertThat(session(port, "version\nversoin\nexit\nversion\n")).containsOnlyOnce("on org.apache.felix.framework")
                    .contains("there is no command versoin; did you mean version?").doesNotContain("\033");
            try (Socket left = connect(port)) {
                type(new OutputStreamWriter(left.getOutputStream()), "imagine 'a red star' --count 500 --out left.png");
                await(reader(left), "intarsia> ");
                awaitFile("left-1.png");
            }
            try (Socket socket = connect(port)) {
                negotiate(socket);
                BufferedReader remote = reader(socket);
                OutputStreamWriter keys = new OutputStreamWriter(socket.getOutputStream());
                await(remote, "intarsia> ");
                type(keys, "imagine 'a red star' --count 500 --out a.png\r");
                await(remote, "picture 9 of");
                keys.write(3);
                keys.flush();
                await(remote, " of 500 were written");
                await(remote, "intarsia> ");
                keys.write(4);
                keys.flush();
                assertThat(remote.transferTo(Writer.nullWriter())).isNotNegative();
            }
            type(typed, "metrics --json");
            // The picture whose client has left is not made either.
            await(shown, "\"inFlight\":0");
            type(typed, "exit");
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(shown.lines().toList()).noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Returns the output to a client that types, and then waits until the connection ends. */
    private static String session(int port, String typed) throws IOException, InterruptedException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(typed.getBytes());
            StringWriter shown = new StringWriter();
            reader(socket).transferTo(shown);
            return shown.toString();
        }
    }

    /** As a telnet client does: it has a terminal, and the terminal has a type. */
    static void negotiate(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[] {(byte) 255, (byte) 251, 24});
        socket.getOutputStream().write(new byte[] {(byte) 255, (byte) 250, 24, 0, 'X', 'T', 'E', 'R', 'M', (byte) 255, (byte) 240});
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream()));
    }

    private void awaitFile(String name) throws InterruptedException {
        for (int i = 0; !Files.exists(folder.resolve(name)); i++) {
            assertThat(i).isLessThan((int) PATIENCE_SECONDS * 10);
            Thread.sleep(100);
        }
    }

    static void type(Writer typed, String line) throws IOException {
        typed.write(line + "\n");
        typed.flush();
    }

    static void await(BufferedReader shown, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int letter = shown.read();
            assertThat(letter).as("after " + read).isNotNegative();
            read.append((char) letter);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The server's thread opens its socket a moment after it said so. */
    static Socket connect(int port) throws IOException, InterruptedException {
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
                try {
                    own.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // The process has closed it since the folder was read; what listens stays open.
                    continue;
                }
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
}
