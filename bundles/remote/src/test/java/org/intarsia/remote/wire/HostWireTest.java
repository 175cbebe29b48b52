package org.intarsia.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.api.TensorFrame;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Frames, descriptions, and strangers who are refused; each with a server and a client of real sockets. */
@Timeout(120)
class HostWireTest {
    private static final WireSecurity PLAIN =
            new WireSecurity(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final WireLimits LIMITS = new WireLimits(Duration.ofSeconds(20), 1 << 20);
    private static final WireLimits IMPATIENT = new WireLimits(Duration.ofMillis(700), 1 << 20);

    /** With TLS 1.3 the server refuses behind the handshake, so its alert may be overtaken by the end of the connection. */
    private static final String KEPT_OUT = "does not trust this one|has closed the connection";

    @TempDir
    private static Path folder;
    private static Certificates ours;
    private static Certificates foreign;
    private static WireThreads threads;

    @BeforeAll
    static void prepare() throws Exception {
        ours = Certificates.make(folder.resolve("ours"));
        foreign = Certificates.make(folder.resolve("foreign"));
        threads = new WireThreads();
    }

    @AfterAll
    static void end() {
        threads.close();
    }

    private static HostServer server(WireSecurity security) {
        return new HostServer(new ToyHost(ToyHost.USUAL), "127.0.0.1", 0, security, LIMITS, threads);
    }

    private static HostConnection client(int port, WireSecurity security, WireLimits limits) {
        return new HostConnection(new HostAddress("127.0.0.1", port), security, limits, Encoding.F32, threads);
    }

    private static TensorFrame frame(long sequence, Encoding encoding, int... shape) {
        byte[] bytes = new byte[(int) TensorFrame.size(encoding, shape)];
        new Random(sequence).nextBytes(bytes);
        return new TensorFrame(sequence, encoding, shape, bytes);
    }

    private static void works(WireSecurity there, WireSecurity here) {
        try (HostServer server = server(there); HostConnection client = client(server.port(), here, LIMITS)) {
            assertThat(client.describe()).isEqualTo(ToyHost.USUAL);
            for (TensorFrame frame : new TensorFrame[] {frame(1, Encoding.F32, 2, 8192), frame(2, Encoding.BF16, 3, 5, 7),
                    frame(3, Encoding.F32, 1 << 18)}) {
                assertThat(client.echo(frame)).isEqualTo(frame);
            }
        }
    }

    private static void isRefused(WireSecurity there, WireSecurity here, String sentence) {
        try (HostServer server = server(there)) {
            try (HostConnection client = client(server.port(), here, LIMITS)) {
                assertThatThrownBy(client::describe).isInstanceOf(HostException.class).hasMessageMatching(".*(" + sentence + ").*");
                assertThatThrownBy(() -> client.echo(frame(1, Encoding.F32, 4))).isInstanceOf(HostException.class);
            }
            isUnharmed(server, there.plain() ? PLAIN : there.token().isPresent() ? ours.clientToken("right") : ours.mutual());
        }
    }

    private static void isUnharmed(HostServer server, WireSecurity friend) {
        try (HostConnection client = client(server.port(), friend, LIMITS)) {
            assertThat(client.describe()).isEqualTo(ToyHost.USUAL);
        }
    }

    @Test
    void plainTextOnLoopback() {
        works(PLAIN, PLAIN);
    }

    @Test
    void mutualTls() {
        works(ours.mutual(), ours.mutual());
    }

    @Test
    void tokenOverTls() {
        works(ours.serverToken("right"), ours.clientToken("right"));
    }

    @Test
    void wrongTokenIsRefused() {
        isRefused(ours.serverToken("right"), ours.clientToken("wrong"), "refuses the token");
    }

    @Test
    void noCertificateIsRefused() {
        // A client that shows none, as one with a token does.
        isRefused(ours.mutual(), ours.clientToken("right"), KEPT_OUT);
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() {
        WireSecurity stranger = new WireSecurity(false, Optional.of(foreign.certificate()), Optional.of(foreign.key()),
                Optional.of(ours.authority()), Optional.empty());
        isRefused(ours.mutual(), stranger, KEPT_OUT);
    }

    @Test
    void serverOfAnotherAuthorityIsNotTrusted() {
        isRefused(ours.mutual(), foreign.mutual(), "is not trusted, or does not trust this one");
    }

    @Test
    void plainClientOfATlsServerIsRefused() {
        isRefused(ours.mutual(), PLAIN, "has closed the connection");
    }

    @Test
    void settingsThatLetStrangersInAreRefused() {
        WireSecurity nothing = new WireSecurity(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> server(nothing)).hasMessageStartingWith("hosts need to know each other");
        assertThatThrownBy(() -> client(1, nothing, LIMITS)).hasMessageStartingWith("hosts need to know each other");
        assertThatThrownBy(() -> new HostServer(new ToyHost(ToyHost.USUAL), "0.0.0.0", 0, PLAIN, LIMITS, threads))
                .hasMessageStartingWith("plain text is for loopback alone");
        WireSecurity unsigned = new WireSecurity(false, Optional.of(ours.certificate()), Optional.of(ours.key()), Optional.empty(),
                Optional.empty());
        assertThatThrownBy(() -> server(unsigned)).hasMessageStartingWith("hosts need to know each other");
    }

    @Test
    void brokenCertificateIsNamed() {
        WireSecurity broken = new WireSecurity(false, Optional.of(folder.resolve("none.pem")), Optional.of(ours.key()),
                Optional.of(ours.authority()), Optional.empty());
        assertThatThrownBy(() -> server(broken)).isInstanceOf(HostException.class).hasMessageContaining("none.pem");
    }

    @Test
    void tooLargeFrameIsRefusedBeforeItIsSent() {
        try (HostServer server = server(PLAIN); HostConnection client = client(server.port(), PLAIN, LIMITS)) {
            assertThatThrownBy(() -> client.echo(frame(1, Encoding.F32, (1 << 18) + 1))).hasMessageContaining("is the limit");
        }
    }

    @Test
    void tooLargeFrameIsRefusedByTheServer() {
        WireLimits generous = new WireLimits(LIMITS.timeout(), 8 << 20);
        try (HostServer server = server(PLAIN)) {
            try (HostConnection client = client(server.port(), PLAIN, generous)) {
                assertThatThrownBy(() -> client.echo(frame(1, Encoding.F32, 1 << 20))).isInstanceOf(HostException.class);
                // The stream is over, the connection is not.
                assertThat(client.echo(frame(2, Encoding.F32, 4))).isEqualTo(frame(2, Encoding.F32, 4));
            }
            isUnharmed(server, PLAIN);
        }
    }

    @Test
    void bytesOfStrangersAreRefused() throws IOException {
        for (WireSecurity security : new WireSecurity[] {PLAIN, ours.mutual()}) {
            try (HostServer server = server(security)) {
                byte[] random = new byte[4096];
                new Random(1).nextBytes(random);
                for (byte[] bytes : new byte[][] {random, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)}) {
                    assertThat(closesAfter(server.port(), bytes)).isTrue();
                }
                isUnharmed(server, security);
            }
        }
    }

    /** Tells whether the server ends the connection of one who sends this. */
    private static boolean closesAfter(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes);
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            // Reset, as unread bytes make it.
            return true;
        }
    }

    @Test
    void processThatListensAndSaysNothingIsNotWaitedFor() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HostConnection client = client(silent.getLocalPort(), PLAIN, IMPATIENT)) {
            long begun = System.nanoTime();
            assertThatThrownBy(client::describe).isInstanceOf(HostException.class).hasMessageContaining("does not answer within 0.700 s");
            assertThatThrownBy(() -> client.echo(frame(1, Encoding.F32, 4))).hasMessageContaining("does not answer within 0.700 s");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void hostThatEndsAndReturnsIsReachedAgain() {
        HostServer first = server(PLAIN);
        int port = first.port();
        try (HostConnection client = client(port, PLAIN, LIMITS)) {
            assertThat(client.echo(frame(1, Encoding.F32, 4))).isEqualTo(frame(1, Encoding.F32, 4));
            first.close();
            assertThatThrownBy(client::describe).hasMessageContaining("nothing listens there");
            assertThatThrownBy(() -> client.echo(frame(2, Encoding.F32, 4))).isInstanceOf(HostException.class);
            HostServer second = new HostServer(new ToyHost(ToyHost.USUAL), "127.0.0.1", port, PLAIN, LIMITS, threads);
            assertThat(client.describe()).isEqualTo(ToyHost.USUAL);
            assertThat(client.echo(frame(3, Encoding.F32, 4))).isEqualTo(frame(3, Encoding.F32, 4));
            second.close();
        }
    }

    @Test
    void brokenFramesAreNamed() throws IOException {
        FrameFormat format = new FrameFormat(1 << 20);
        byte[] good = format.stream(FrameMessage.of(frame(7, Encoding.BF16, 2, 3))).readAllBytes();
        assertThat(parse(format, good)).isEmpty();
        for (int i = 0; i < good.length; i++) {
            assertThat(parse(format, Arrays.copyOf(good, i))).as("%d bytes", i).isNotEmpty();
        }
        assertThat(parse(format, Arrays.copyOf(good, good.length + 1))).contains("more or fewer bytes");
        assertThat(parse(format, changed(good, 0, 1))).contains("does not begin");
        assertThat(parse(format, changed(good, 4, 3))).contains("an encoding");
        assertThat(parse(format, changed(good, 5, 9))).contains("an encoding or a number of dimensions");
        assertThat(parse(format, withInt(good, 16, Integer.MAX_VALUE))).contains("declares more than 1048576");
        assertThat(parse(format, withInt(good, 16, -1))).contains("declares more than");
        assertThat(parse(format, withInt(good, 20, -2))).contains("shape");
        assertThat(parse(format, withInt(good, 20, Integer.MAX_VALUE))).contains("shape");
    }

    private static String parse(FrameFormat format, byte[] bytes) {
        return format.parse(new ByteArrayInputStream(bytes)).refusal();
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        copy[at] = (byte) value;
        return copy;
    }

    private static byte[] withInt(byte[] bytes, int at, int value) {
        byte[] copy = bytes.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return copy;
    }

    @Test
    void brokenDescriptionsAreRefused() throws IOException {
        DescriptionFormat format = new DescriptionFormat();
        byte[] good = format.stream(ToyHost.USUAL).readAllBytes();
        assertThat(format.parse(new ByteArrayInputStream(good))).isEqualTo(ToyHost.USUAL);
        for (int i = 0; i < good.length; i++) {
            byte[] cut = Arrays.copyOf(good, i);
            assertThatThrownBy(() -> format.parse(new ByteArrayInputStream(cut))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> format.parse(new ByteArrayInputStream(withInt(good, 4, 1 << 30))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> format.parse(new ByteArrayInputStream(withInt(good, 0, 2)))).hasMessageContaining("layout 2");
    }

    @Test
    void addresses() {
        assertThat(HostAddress.parse("a.b:12")).isEqualTo(new HostAddress("a.b", 12)).hasToString("a.b:12");
        assertThat(HostAddress.parse("a")).isEqualTo(new HostAddress("a", HostAddress.USUAL_PORT));
        assertThat(HostAddress.parse("[::1]:9")).isEqualTo(new HostAddress("::1", 9)).hasToString("[::1]:9");
        for (String wrong : new String[] {"", ":1", "a:", "a:0", "a:65536", "a:b"}) {
            assertThatThrownBy(() -> HostAddress.parse(wrong)).isInstanceOf(HostException.class).hasMessageContaining("an address is");
        }
    }
}
