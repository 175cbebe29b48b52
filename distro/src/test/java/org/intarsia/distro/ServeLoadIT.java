package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Many clients at once: 200 connections, 32 of them with a request in flight, texts, pictures and edits mixed, and the backend
 * swapped every ten seconds. Each answer must be the one that the same request has alone, but for those during which the backend
 * was swapped: floats are rounded otherwise there. Beside them are clients that read slowly, that never end their request, and
 * that go away.
 *
 * <p>After {@code mvn install -DskipTests}, {@code mvn verify -pl distro -Dit.test=ServeLoadIT -Dload.seconds=120
 * -Dload.disconnects=1000} is the whole run; a build does a short one.
 */
class ServeLoadIT extends Launched {
    private static final int SECONDS = Integer.getInteger("load.seconds", 20);
    private static final int DISCONNECTS = Integer.getInteger("load.disconnects", 100);
    private static final int CONNECTIONS = 200;
    private static final int ACTIVE = 32;
    private static final int SWAP_SECONDS = 10;
    /** Different requests of each kind. */
    private static final int VARIANTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> COLOURS = List.of("red", "blue", "green", "yellow");
    /** The picture or text of an answer, apart from ids and times. */
    private static final Pattern CONTENT = Pattern.compile("\"(?:b64_json|text|content)\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\")");
    /** The chosen tokens: a picture holds the device in its record, so its bytes differ after a swap. */
    private static final Pattern TOKENS = Pattern.compile("\"tokens\"\\s*:\\s*(\\[[\\d,\\s]*\\])");

    private Serving server;
    private final Map<String, String> alone = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Double> seconds = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger rounded = new AtomicInteger();
    private long halfway;

    /** A request that is sent again and again. */
    private record Asked(String path, String body) {
    }

    @Test
    void manyClientsGetTheAnswersThatEachWouldGetAlone() throws Exception {
        // The heap is there as a whole from the start, else what has not been used of it by half-time looks like a leak afterwards.
        options = " -Xms512m -Xmx512m -XX:+AlwaysPreTouch -Dintarsia.http.running=" + ACTIVE;
        try (Serving started = new Serving(prepared("serve", "--port", "0"), folder.resolve("errors.txt"))) {
            server = started;
            List<Asked> requests = requests();
            double single = alone(requests);
            long before = residentKib();
            double tokens = server.metrics().get("intarsia_tokens_total");
            long begun = System.nanoTime();
            underLoad(requests);
            double took = (System.nanoTime() - begun) / 1e9;
            double rate = (server.metrics().get("intarsia_tokens_total") - tokens) / took;
            List<Double> sorted = seconds.stream().sorted().toList();
            System.out.printf(Locale.ROOT, "load: %d answers in %.0f s over %d connections, %d in flight; p50 %.2f s, p99 %.2f s; %.0f tokens/s,"
                    + " one client alone %.0f; rounded otherwise after a swap: %d; memory %d, %d, %d MiB; lost or mixed up: %d%n", answered.get(),
                    took, CONNECTIONS, ACTIVE, quantile(sorted, 0.5), quantile(sorted, 0.99), rate, single, rounded.get(), before >> 10,
                    halfway >> 10, residentKib() >> 10, faults.size());
            assertThat(faults).isEmpty();
            assertThat(answered.get()).isGreaterThan(SECONDS);
            leave();
            assertThat(residentKib()).as("memory is steady").isLessThan(halfway + halfway / 4 + (64 << 10));
            assertThat(server.errors()).isEmpty();
            assertThat(server.terminate()).isEqualTo(143);
        }
    }

    private List<Asked> requests() throws IOException {
        String picture = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of("doc/star.png")));
        List<Asked> requests = new ArrayList<>();
        for (int i = 0; i < VARIANTS; i++) {
            String colour = COLOURS.get(i);
            requests.add(new Asked("/v1/images/generations", "{\"prompt\": \"a " + colour + " house by night\", \"seed\": " + i + "}"));
            requests.add(new Asked("/v1/chat/completions", "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\","
                    + " \"text\": \"describe the picture\"}, {\"type\": \"image_url\", \"image_url\": {\"url\": \"data:image/png;base64,"
                    + picture + "\"}}]}], \"max_tokens\": " + (8 + i) + ", \"temperature\": 0}"));
            requests.add(new Asked("/v1/images/edits", "{\"prompt\": \"make it " + colour + "\", \"seed\": " + i
                    + ", \"image\": \"data:image/png;base64," + picture + "\"}"));
        }
        return requests;
    }

    /** Asks for each once, twice, and gives the tokens a second of one client. */
    private double alone(List<Asked> requests) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (Asked asked : requests) {
                alone.put(asked.body(), content(send(client, asked)));
            }
            double tokens = server.metrics().get("intarsia_tokens_total");
            long begun = System.nanoTime();
            for (Asked asked : requests) {
                assertThat(content(send(client, asked))).as("the same again, alone").isEqualTo(alone.get(asked.body()));
            }
            return (server.metrics().get("intarsia_tokens_total") - tokens) / ((System.nanoTime() - begun) / 1e9);
        }
    }

    private void underLoad(List<Asked> requests) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        Semaphore active = new Semaphore(ACTIVE);
        CountDownLatch done = new CountDownLatch(CONNECTIONS);
        AtomicInteger swaps = new AtomicInteger();
        List<Raw> bystanders = bystanders();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                int first = i;
                clients.submit(() -> {
                    // A connection of its own for each client.
                    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                        for (int j = first; System.nanoTime() < end; j++) {
                            active.acquire();
                            try {
                                if (System.nanoTime() >= end) {
                                    break;
                                }
                                ask(client, requests.get(j % requests.size()), swaps);
                            } finally {
                                active.release();
                            }
                        }
                    } catch (Exception e) {
                        faults.add(e.toString());
                    } finally {
                        done.countDown();
                    }
                });
            }
            for (int i = 1; !done.await(SWAP_SECONDS, TimeUnit.SECONDS); i++) {
                swap(i % 2 == 1 ? "opencl" : "cpu", swaps);
                if (i == SECONDS / SWAP_SECONDS / 2) {
                    halfway = residentKib();
                }
            }
        } finally {
            for (Raw bystander : bystanders) {
                bystander.close();
            }
        }
    }

    private void ask(HttpClient client, Asked asked, AtomicInteger swaps) throws Exception {
        int before = swaps.get();
        long begun = System.nanoTime();
        HttpResponse<String> reply = client.send(HttpRequest.newBuilder(address(asked.path())).header("Content-Type", "application/json")
                .timeout(PATIENCE).POST(HttpRequest.BodyPublishers.ofString(asked.body())).build(), HttpResponse.BodyHandlers.ofString());
        seconds.add((System.nanoTime() - begun) / 1e9);
        if (reply.statusCode() != 200) {
            faults.add(reply.statusCode() + " " + reply.body());
            return;
        }
        answered.incrementAndGet();
        String content = content(reply.body());
        if (!content.equals(alone.get(asked.body()))) {
            if (swaps.get() == 0 && before == 0) {
                faults.add("another answer to " + asked.body().substring(0, Math.min(60, asked.body().length())) + ": " + content
                        + " instead of " + alone.get(asked.body()));
            } else if (alone.entrySet().stream().anyMatch(other -> !other.getKey().equals(asked.body()) && other.getValue().equals(content))
                    && alone.values().stream().filter(content::equals).count() == 1) {
                faults.add("the answer to another request came to " + asked.body().substring(0, Math.min(60, asked.body().length())));
            } else {
                rounded.incrementAndGet();
            }
        }
    }

    private static String content(String json) {
        Matcher tokens = TOKENS.matcher(json);
        if (tokens.find()) {
            return tokens.group(1);
        }
        Matcher content = CONTENT.matcher(json);
        return content.find() ? content.group(1) : json;
    }

    private String send(HttpClient client, Asked asked) throws Exception {
        HttpResponse<String> reply = client.send(HttpRequest.newBuilder(address(asked.path())).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(asked.body())).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return reply.body();
    }

    private void swap(String backend, AtomicInteger swaps) throws IOException {
        swaps.incrementAndGet();
        Raw.Reply reply = server.ask(Raw.post("/intarsia/swap", "application/json", "{\"backend\": \"" + backend + "\"}"));
        if (reply.status() != 200) {
            // A machine without OpenCL swaps the component instead, which is none that rounds otherwise.
            reply = server.ask(Raw.post("/intarsia/swap", "application/json",
                    "{\"component\": \"image decoder\", \"name\": \"chameleon-vq\"}"));
        }
        if (reply.status() != 200) {
            faults.add("swap: " + reply.text());
        }
    }

    /** Clients that hold connections and hinder nobody: half-open ones, and some that do not read their stream. */
    private List<Raw> bystanders() throws IOException {
        List<Raw> bystanders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            bystanders.add(new Raw(server.port()).send("POST /v1/images/generations HTTP/1.1\r\nHost: local"));
            bystanders.add(new Raw(server.port()).send(Raw.get("/intarsia/events")));
        }
        for (int i = 0; i < 4; i++) {
            bystanders.add(new Raw(server.port()).send(Raw.post("/v1/images/generations", "application/json",
                    "{\"prompt\": \"a red circle\", \"n\": 4, \"stream\": true, \"partial_images\": 3}")));
        }
        return bystanders;
    }

    private void leave() throws Exception {
        for (int i = 0; i < DISCONNECTS; i++) {
            try (Raw raw = new Raw(server.port())) {
                raw.send(Raw.post("/v1/images/generations", "application/json",
                        "{\"prompt\": \"a red circle\", \"n\": 4" + (i % 2 == 0 ? ", \"stream\": true}" : "}")));
                Thread.sleep(i % 10);
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!IntStream.range(0, 5).allMatch(_ -> isIdle())) {
            assertThat(System.nanoTime()).as(server.metrics().toString()).isLessThan(deadline);
            Thread.sleep(50);
        }
        assertThat(server.isHealthy()).isTrue();
    }

    private boolean isIdle() {
        try {
            Map<String, Double> metrics = server.metrics();
            return metrics.get("intarsia_requests_running") + metrics.get("intarsia_requests_waiting")
                    + metrics.get("intarsia_generations_in_flight") == 0 && metrics.get("intarsia_http_requests_in_flight") == 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** The memory of the server's process, by Linux; 0 elsewhere. */
    private long residentKib() throws IOException {
        Path status = Path.of("/proc/" + server.pid() + "/status");
        return !Files.exists(status) ? 0 : Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS"))
                .flatMap(line -> Arrays.stream(line.split("\\s+"))).filter(word -> word.matches("\\d+")).mapToLong(Long::parseLong).sum();
    }

    private static double quantile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
}
