package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a process, asked by people who mean it well, badly, or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeIT extends Launched {
    private static final String PICTURES = "/v1/images/generations";
    private static final String JSON = "application/json";
    private static final long GIBIBYTE = 1L << 30;
    private static final int DISCONNECTS = 100;

    @TempDir
    private static Path shared;
    private Serving server;

    @BeforeAll
    void serve() throws IOException {
        // That of each test is made later.
        folder = shared;
        // Silence of two seconds is too long; one request runs and one waits.
        options = " -Dintarsia.http.idle=2 -Dintarsia.http.running=1 -Dintarsia.http.waiting=1 -Dintarsia.http.grace=20";
        server = new Serving(prepared("serve", "--port", "0", "--log"), folder.resolve("errors.txt"));
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @AfterEach
    void isUnharmed() throws IOException {
        Raw.Reply health = server.ask(Raw.get("/health"));
        assertThat(health.status()).as(health.text()).isEqualTo(200);
    }

    @Test
    void itAnswersWithAPictureThatTakesLongerThanAConnectionMayBeSilent() throws IOException {
        Raw.Reply reply = server.ask(Raw.post(PICTURES, JSON, "{\"prompt\": \"a red circle\", \"n\": 10}"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-request-id")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page/../../etc/passwd",
            "/page/..%5c..%5cetc%5cpasswd", "/v1/models/..;/..;/etc/passwd", "//etc/passwd", "/page//etc/passwd", "/intarsia/history/..%2fx",
            "/OSGI-INF/", "/META-INF/MANIFEST.MF", "/WEB-INF/web.xml"})
    void pathsLeadNowhereElse(String path) throws IOException {
        Raw.Reply reply = server.ask(Raw.get(path));
        assertThat(reply.status()).isBetween(400, 404);
        assertThat(reply.text()).doesNotContain("root:").doesNotContain("Bundle-SymbolicName");
    }

    @Test
    void doubledSlashesAreOne() throws IOException {
        assertThat(server.ask(Raw.get("//v1//models")).status()).isEqualTo(200);
    }

    @Test
    void aLargeBodyIsRefusedBeforeItIsSent() throws IOException {
        Raw.Reply reply = server.ask("POST " + PICTURES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + JSON + "\r\nContent-Length: "
                + GIBIBYTE + "\r\n\r\n");
        assertThat(reply.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {JSON, "multipart/form-data; boundary=xx"})
    void aLargeBodyInChunksIsRefusedWhileItComes(String type) throws IOException {
        byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try (Raw raw = new Raw(server.port())) {
            raw.send("POST " + PICTURES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            if (type.startsWith("multipart")) {
                byte[] part = "--xx\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                raw.send(Integer.toHexString(part.length) + "\r\n").send(part).send("\r\n");
            }
            try {
                while (sent < GIBIBYTE) {
                    raw.send(chunk);
                    sent += 0x10000;
                }
            } catch (SocketException e) {
                // The server has closed the connection, as it should.
            }
            assertThat(sent).isLessThan(GIBIBYTE / 4);
            // An answer that was sent before may have been lost with what had come and was not read.
            assertThat(raw.reply().status()).isIn(413, 0);
        }
    }

    @Test
    void aPictureThatUnfoldsToGigabytesIsRefused() throws IOException {
        byte[] bomb = png(30_000, 30_000, 10_000_000);
        String body = "{\"prompt\": \"a star\", \"image\": \"data:image/png;base64," + Base64.getEncoder().encodeToString(bomb) + "\"}";
        Raw.Reply reply = server.ask(Raw.post("/v1/images/edits", JSON, body));
        assertThat(reply.status()).isIn(400, 413);
        assertThat(reply.text()).contains("image");
    }

    private static byte[] png(int width, int height, int zeros) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.writeLong(0x89504e470d0a1a0aL);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(width);
        fields.writeInt(height);
        fields.write(new byte[] {8, 2, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(new byte[zeros]);
        }
        chunk(out, "IDAT", packed.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(content);
        out.writeInt(content.length);
        out.write(type.getBytes(StandardCharsets.US_ASCII));
        out.write(content);
        out.writeInt((int) crc.getValue());
    }

    @Test
    void tenThousandHeadersAreTooMany() throws IOException {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            headers.append("x-").append(i).append(": 1\r\n");
        }
        assertThat(server.ask(Raw.get("/health", headers.toString())).status()).isEqualTo(431);
    }

    @Test
    void aClientThatFallsSilentInItsHeadersIsLeft() throws IOException {
        long begun = System.nanoTime();
        Raw.Reply reply = server.ask("GET /health HTTP/1.1\r\nHost: local");
        assertThat(reply.status()).isIn(0, 408);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aClientThatFallsSilentInItsBodyIsLeft() throws IOException {
        Raw.Reply reply = server.ask("POST " + PICTURES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + JSON
                + "\r\nContent-Length: 100\r\n\r\n{");
        assertThat(reply.status()).isIn(400, 408);
    }

    @Test
    void aClientThatSendsItsBodyByteByByteIsLeft() throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.send("POST " + PICTURES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + JSON + "\r\nContent-Length: 1000\r\n\r\n");
            long begun = System.nanoTime();
            try {
                while (System.nanoTime() - begun < Duration.ofSeconds(6).toNanos()) {
                    raw.send(" ");
                    Thread.sleep(300);
                }
            } catch (SocketException e) {
                // It has been left.
            }
            assertThat(raw.reply().status()).isIn(408, 0);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "[1]", "nonsense", "{\"prompt\": \"\\ud8\"}", "{\"prompt\": 7, \"n\": \"x\"}", "\u0000"})
    void whatIsNoRequestIsSaidToBeNone(String body) throws IOException {
        Raw.Reply reply = server.ask(Raw.post(PICTURES, JSON, body));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("\"error\"");
    }

    @Test
    void deepJsonIsRefused() throws IOException {
        assertThat(server.ask(Raw.post(PICTURES, JSON, "{\"prompt\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}")).status()).isEqualTo(400);
    }

    @Test
    void brokenFormsAreRefused() throws IOException {
        String edits = "/v1/images/edits";
        assertThat(server.ask(Raw.post(edits, "multipart/form-data", "--x\r\n")).status()).isEqualTo(400);
        assertThat(server.ask(Raw.post(edits, "multipart/form-data; boundary=x", "--x\r\nContent-Dispo")).status()).isEqualTo(400);
        assertThat(server.ask(Raw.post(edits, "multipart/form-data; boundary=x", "nothing")).status()).isEqualTo(400);
        for (int parts : List.of(1000, 20_000)) {
            String many = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n".repeat(parts) + "--x--\r\n";
            assertThat(server.ask(Raw.post(edits, "multipart/form-data; boundary=x", many)).status()).isIn(400, 413);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatComesEarlyCostsNobodyHisAnswer(boolean stream) throws Exception {
        try (Raw raw = new Raw(server.port())) {
            raw.send(Raw.post(PICTURES, JSON, "{\"prompt\": \"a red circle\", \"n\": 10, \"stream\": " + stream + "}"));
            Thread.sleep(100);
            raw.send(Raw.get("/health"));
            String all = raw.all();
            assertThat(all.split("b64_json", -1)).hasSize(11);
            assertThat(all.endsWith(stream ? "\r\n0\r\n\r\n" : "}")).isTrue();
            // The client sees that the second one is not answered, and sends it again.
            assertThat(all.contains("\"checks\"")).isFalse();
        }
    }

    @Test
    void lineBreaksStayInTexts() throws Exception {
        Raw.Reply reply = server.ask(Raw.post(PICTURES, JSON, "{\"prompt\": \"a star\\r\\nSet-Cookie: a=b\"}"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Set-Cookie")).isEmpty();
        reply = server.ask(Raw.post(PICTURES, JSON, "{\"prompt\": \"a star\", \"model\": \"x\\r\\nSet-Cookie: a=b\\u001b[31m\"}"));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("Set-Cookie")).isEmpty();
        assertThat(reply.text()).doesNotContain("\u001b");
        server.ask(Raw.get("/a%0d%0aFORGED%1b%5b31m"));
        // The line is written when the answer is.
        await(() -> server.errors().contains("FORGED"));
        assertThat(server.errors().lines()).noneMatch(line -> line.startsWith("FORGED"));
        assertThat(server.errors()).contains("FORGED").doesNotContain("\u001b");
        assertThat(server.ask(Raw.get("/health", "x-request-id: mine-1\r\n")).header("x-request-id")).hasValue("mine-1");
        assertThat(server.ask(Raw.get("/health", "x-request-id: two words\r\n")).header("x-request-id").orElseThrow()).startsWith("req_");
    }

    @Test
    void otherPagesMayNotUseIt() throws IOException {
        String body = "{\"prompt\": \"a star\"}";
        assertThat(server.ask("GET /v1/models HTTP/1.1\r\nHost: evil.example:80\r\n\r\n").status()).isEqualTo(403);
        String request = Raw.post(PICTURES, JSON, body);
        assertThat(server.ask(request.replace("\r\nContent-Type", "\r\nOrigin: http://evil.example\r\nContent-Type")).status()).isEqualTo(403);
        assertThat(server.ask(request.replace("\r\nContent-Type", "\r\nOrigin: null\r\nContent-Type")).status()).isEqualTo(403);
        assertThat(server.ask(Raw.post("/intarsia/swap", "text/plain", "{\"backend\": \"cpu\"}")).status()).isEqualTo(415);
        assertThat(server.ask(Raw.get("/v1/models", "Origin: http://evil.example\r\n")).header("Access-Control-Allow-Origin")).isEmpty();
        String own = "\r\nHost: localhost:" + server.port() + "\r\nOrigin: http://localhost:" + server.port() + "\r\nContent-Type";
        assertThat(server.ask(request.replace("\r\nHost: localhost\r\nContent-Type", own)).status()).isEqualTo(200);
    }

    @Test
    void whoComesWhenTheQueueIsFullIsToldWhenToComeAgain() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Raw.Reply>> replies = new ArrayList<>();
            Callable<Raw.Reply> client = () -> server.ask(Raw.post(PICTURES, JSON, "{\"prompt\": \"a red circle\", \"n\": 10}"));
            for (int i = 0; i < 8; i++) {
                replies.add(clients.submit(client));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Raw.Reply> reply : replies) {
                statuses.add(reply.get().status());
                if (reply.get().status() == 429) {
                    assertThat(Integer.parseInt(reply.get().header("Retry-After").orElseThrow())).isPositive();
                }
            }
            assertThat(statuses).contains(200, 429).containsOnly(200, 429);
        }
    }

    @Test
    void thoseWhoGoAwayLeaveNothingBehind() throws Exception {
        double tokens = server.metrics().get("intarsia_tokens_total");
        for (int i = 0; i < DISCONNECTS; i++) {
            try (Raw raw = new Raw(server.port())) {
                raw.send(Raw.post(PICTURES, JSON, "{\"prompt\": \"a red circle\", \"n\": 10" + (i % 2 == 0 ? ", \"stream\": true}" : "}")));
                // Now and then it has begun.
                Thread.sleep(i % 10);
            }
        }
        // Connections may still wait to be read.
        await(() -> IntStream.range(0, 5).allMatch(_ -> !isBusy()));
        // Those that ran were ended early, and most have never begun.
        assertThat(server.metrics().get("intarsia_tokens_total") - tokens).isLessThan(DISCONNECTS * 640 / 2.0);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private boolean isBusy() {
        Map<String, Double> metrics;
        try {
            metrics = server.metrics();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return metrics.get("intarsia_requests_running") + metrics.get("intarsia_requests_waiting")
                + metrics.get("intarsia_generations_in_flight") > 0 || metrics.get("intarsia_http_requests_in_flight") > 1;
    }

    @Test
    void whatIsInUseIsSwappedWhileItRuns() throws IOException {
        String swap = "/intarsia/swap";
        String decoder = "{\"bundle\": \"org.intarsia.image.decoder\", \"do\": ";
        assertThat(server.ask(Raw.post(swap, JSON, decoder + "\"stop\"}")).status()).isEqualTo(200);
        assertThat(server.ask(Raw.get("/intarsia/components")).text()).doesNotContain("chameleon-vq\",\"bundle\":\"org.intarsia.image");
        assertThat(server.ask(Raw.post(swap, JSON, decoder + "\"start\"}")).status()).isEqualTo(200);
        assertThat(server.ask(Raw.get("/intarsia/components")).text()).contains("chameleon-vq\",\"bundle\":\"org.intarsia.image");
        assertThat(server.ask(Raw.post(PICTURES, JSON, "{\"prompt\": \"a star\"}")).status()).isEqualTo(200);
        Raw.Reply missing = server.ask(Raw.post(swap, JSON, "{\"backend\": \"none\"}"));
        assertThat(missing.status()).isEqualTo(409);
        assertThat(missing.text()).contains("there is no backend none");
        for (String other : List.of("org.apache.felix.scr", "org.intarsia.http")) {
            assertThat(server.ask(Raw.post(swap, JSON, "{\"bundle\": \"" + other + "\", \"do\": \"stop\"}")).status()).isEqualTo(400);
        }
        if (server.ask(Raw.post(swap, JSON, "{\"backend\": \"opencl\"}")).status() == 200) {
            assertThat(server.ask(Raw.get("/intarsia/components")).text()).contains("\"default_backend\":\"opencl\"");
        }
        assertThat(server.ask(Raw.post(swap, JSON, "{\"backend\": \"cpu\"}")).status()).isEqualTo(200);
        assertThat(server.ask(Raw.get("/intarsia/components")).text()).contains("\"default_backend\":\"cpu\"");
    }

    @Test
    void whatOpenApiDescribesIsThere() throws IOException {
        String description = server.ask(Raw.get("/openapi.json")).text();
        List<String> paths = Pattern.compile("\"(/[a-z0-9./]+)\": \\{\\s+\"get\"").matcher(description).results().map(match -> match.group(1))
                .filter(path -> !path.equals("/intarsia/history")).toList();
        assertThat(paths).contains("/v1/models", "/health", "/metrics", "/intarsia/components", "/intarsia/events", "/openapi.json");
        for (String path : paths) {
            assertThat(server.ask(Raw.get(path)).status()).as(path).isEqualTo(200);
        }
        assertThat(server.ask(Raw.get("/intarsia/history")).text()).contains("serve --history DIR");
    }

    @Test
    void headOfEventsIsNoStream() throws IOException {
        Raw.Reply reply = server.ask(Raw.get("/intarsia/events").replace("GET", "HEAD"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type").orElseThrow()).startsWith("text/event-stream");
    }

    @Test
    void theTokenIsAskedFor() throws Exception {
        ProcessBuilder call = prepared("serve", "--port", "0");
        call.environment().put("INTARSIA_TOKEN", "secret");
        try (Serving guarded = new Serving(call, folder.resolve("guarded.txt"))) {
            for (String path : List.of("/v1/models", "//v1/models", "/metrics", "/intarsia/components", "/intarsia/events")) {
                assertThat(guarded.ask(Raw.get(path)).status()).as(path).isEqualTo(401);
                assertThat(guarded.ask(Raw.get(path, "Authorization: Bearer secrets\r\n")).status()).as(path).isEqualTo(401);
                assertThat(guarded.ask(Raw.get(path + "?token=secret")).status()).as(path).isEqualTo(401);
            }
            assertThat(guarded.ask(Raw.post(PICTURES, JSON, "{}")).status()).isEqualTo(401);
            assertThat(guarded.ask(Raw.get("/v1/models", "Authorization: Bearer secret\r\n")).status()).isEqualTo(200);
            assertThat(guarded.ask(Raw.get("/health")).text()).contains("200 OK").doesNotContain("checks");
            assertThat(guarded.ask(Raw.get("/")).status()).isEqualTo(200);
            assertThat(guarded.terminate()).isEqualTo(143);
        }
    }

    @Test
    void itSpeaksTlsAndSaysWhatKeepsItFromThat() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-alias", "server", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12",
                "-keystore", keys.toString(), "-storepass", "secret").redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile()).start();
        assertThat(keytool.waitFor()).isZero();
        String usual = options;
        try {
            options = " -Dintarsia.http.keyStore=" + keys + " -Dintarsia.http.keyStorePassword=secret";
            try (Serving secure = new Serving(prepared("serve", "--port", "0"), folder.resolve("secure.txt"));
                    HttpClient client = HttpClient.newBuilder().sslContext(trusting(keys, "secret")).build()) {
                URI models = URI.create("https://127.0.0.1:" + secure.port() + "/v1/models");
                assertThat(client.send(HttpRequest.newBuilder(models).build(), BodyHandlers.ofString()).body()).contains("picturebook");
            }
            options = " -Dintarsia.http.keyStore=" + keys + " -Dintarsia.http.keyStorePassword=wrong";
            Call wrong = call("serve", "--port", "0");
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.err().lines()).hasSize(1).allMatch(line -> line.contains("keyStorePassword is not its password"));
        } finally {
            options = usual;
        }
    }

    private static SSLContext trusting(Path keys, String password) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", KeyStore.getInstance(keys.toFile(), password.toCharArray()).getCertificate("server"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void whatRunsIsFinishedWhenItStops() throws Exception {
        try (Serving other = new Serving(prepared("serve", "--port", "0"), folder.resolve("other.txt"));
                Raw raw = new Raw(other.port())) {
            raw.send(Raw.post(PICTURES, JSON, "{\"prompt\": \"a red circle\", \"n\": 2}"));
            await(() -> other.metrics().get("intarsia_requests_running") > 0);
            assertThat(other.terminate()).isEqualTo(143);
            assertThat(raw.reply().status()).isEqualTo(200);
            assertThat(other.errors()).isEmpty();
        }
    }

    @Test
    void whatKeepsItFromListeningIsSaidInASentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Call call = call("serve", "--port", Integer.toString(taken.getLocalPort()));
            assertThat(call.status()).isEqualTo(1);
            assertThat(call.err().lines()).hasSize(1).allMatch(line -> line.contains("cannot listen on port " + taken.getLocalPort()));
        }
        Call open = call("serve", "--port", "0", "--host", "0.0.0.0");
        assertThat(open.status()).isEqualTo(1);
        assertThat(open.err().lines()).hasSize(1).allMatch(line -> line.contains("give it a token"));
        Call missing = call("serve", "--port", "0", "--alias", "mine=nowhere");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err().lines()).hasSize(1).allMatch(line -> line.contains("there is no model nowhere"));
        Call history = call("serve", "--port", "0", "--history", Files.createFile(folder.resolve("no-folder")).toString());
        assertThat(history.status()).isEqualTo(1);
        assertThat(history.err().lines()).hasSize(1).allMatch(line -> line.contains("the history cannot be kept in"));
        assertThat(call("serve", "--port", "0", "--token", "").status()).isEqualTo(2);
    }
}
