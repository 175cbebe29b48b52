package org.intarsia.distro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection on which anything can be sent, as no HTTP client would. */
final class Raw implements AutoCloseable {
    private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d{3})");
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    /** The answer as it came: the whole text until the server closed the connection or the answer was there. */
    record Reply(String text) {
        /** The status; 0 where the connection was closed without an answer. */
        int status() {
            Matcher matcher = STATUS.matcher(text);
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        Optional<String> header(String name) {
            return text.lines().takeWhile(line -> !line.isEmpty()).filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip()).findFirst();
        }
    }

    Raw(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    Raw send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Raw send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads an answer: its head, and as much as {@code Content-Length} says, or what came with the head. */
    Reply reply() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] chunk = new byte[8192];
        try {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                all.write(chunk, 0, length);
                Reply reply = new Reply(all.toString(StandardCharsets.ISO_8859_1));
                int head = reply.text().indexOf("\r\n\r\n");
                if (head >= 0 && all.size() >= head + 4 + reply.header("Content-Length").map(Integer::parseInt).orElse(0)) {
                    return reply;
                }
            }
        } catch (SocketTimeoutException e) {
            return new Reply("nothing came");
        } catch (SocketException e) {
            // Closed while it was still being written to; what came before counts.
            return new Reply(all.toString(StandardCharsets.ISO_8859_1));
        }
        return new Reply(all.toString(StandardCharsets.ISO_8859_1));
    }

    /** Reads all that comes, until the server closes the connection. */
    String all() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    static Reply ask(int port, String request) throws IOException {
        try (Raw raw = new Raw(port)) {
            return raw.send(request).reply();
        }
    }

    /** A request that posts a body to a path. */
    static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n" + body;
    }

    static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
