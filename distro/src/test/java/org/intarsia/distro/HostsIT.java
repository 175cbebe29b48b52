package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes of the box that know each other, and what one says when the other hangs or dies. */
@Timeout(600)
class HostsIT extends Launched {
    private static final String PLAIN = " -Dintarsia.remote.plain=true";

    /** A host that listens, and where. */
    private record Serving(Process process, String address) {
    }

    private Serving serve(String port) throws IOException {
        return listening(start("hosts", "serve", "--port", port));
    }

    private static Serving listening(Process process) throws IOException {
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = String.valueOf(out.readLine());
        assertThat(line).startsWith("listening at 127.0.0.1:");
        return new Serving(process, line.substring("listening at ".length()));
    }

    @Test
    void hostsDescribeThemselvesHangReturnAndDie() throws Exception {
        options = PLAIN;
        Serving other = serve("0");
        try {
            options = PLAIN + " -Dintarsia.remote.hosts=" + other.address();
            Call listed = call("hosts", "--json");
            assertThat(listed.err()).isEmpty();
            JsonNode host = new ObjectMapper().readTree(listed.out()).get(0);
            assertThat(host.get("state").asText()).isEqualTo("reached");
            JsonNode description = host.get("description");
            assertThat(description.get("models").get(0).get("name").asText()).isEqualTo("picturebook");
            assertThat(description.get("models").get(0).get("weights").asText()).matches("sha256:[0-9a-f]{64}");
            assertThat(description.get("devices").findValuesAsText("backend")).contains("cpu");
            assertThat(description.get("memoryBandwidth").asDouble()).isGreaterThan(1e8);
            assertThat(host.get("link").get("roundTripMs").asDouble()).isPositive();
            Call shown = call("hosts");
            assertThat(shown.out()).contains("host " + other.address() + " is there", "  model picturebook: sha256:", "  link: ");

            // Stopped by a signal, it keeps its connections and says nothing.
            options = PLAIN + " -Dintarsia.remote.silence=3";
            signal("STOP", other.process());
            Call hung = call("hosts", "add", other.address());
            assertThat(hung.status()).isEqualTo(1);
            assertThat(hung.out()).contains("host " + other.address() + " does not answer within 3.00 s; it hangs, or the link is cut");
            signal("CONT", other.process());
            options = PLAIN;
            assertThat(call("hosts", "add", other.address()).status()).isZero();

            other.process().destroyForcibly().waitFor();
            Call dead = call("hosts", "add", other.address());
            assertThat(dead.status()).isEqualTo(1);
            assertThat(dead.out()).contains("nothing listens there, or the link is cut");
        } finally {
            other.process().destroyForcibly();
        }
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** Layers of a model on two other hosts: the same picture, also when one is removed or killed in the midst of it. */
    @Test
    void layersOnOtherHostsPaintTheSamePictures() throws Exception {
        options = PLAIN;
        List<Process> starting = List.of(start("hosts", "serve", "--port", "0"), start("hosts", "serve", "--port", "0"));
        try {
            Serving first = listening(starting.getFirst());
            Serving second = listening(starting.getLast());
            int[] expected = pixels(Path.of("doc/star.png").toAbsolutePath());
            String both = first.address() + "," + second.address();

            Path removed = imagined("removed.png", List.of("--hosts", both, "--halfway", "hosts remove " + first.address()));
            assertThat(pixels(removed)).isEqualTo(expected);
            assertThat(Files.readString(removed, StandardCharsets.ISO_8859_1)).contains("on another host's cpu/");

            options = PLAIN + " -Dintarsia.remote.silence=3";
            Process painting = start("imagine", "a red star left of a blue house", "--seed", "1", "--count", "8", "--out", "killed.png",
                    "--hosts", both, "--verbose");
            BufferedReader log = new BufferedReader(new InputStreamReader(painting.getErrorStream(), StandardCharsets.UTF_8));
            List<String> lines = new ArrayList<>();
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                lines.add(line);
                if (line.contains("layers 0 to") && first.process().isAlive()) {
                    // The first of eight pictures is on its way.
                    first.process().destroyForcibly().waitFor();
                }
            }
            assertThat(painting.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(painting.exitValue()).isZero();
            assertThat(lines).anyMatch(line -> line.contains("its layers are divided among the hosts that are left"))
                    .anyMatch(line -> line.contains("goes on"));
            assertThat(pixels(folder.resolve("killed-1.png"))).isEqualTo(expected);

            Call gone = call("imagine", "a fox", "--hosts", first.address());
            assertThat(gone.status()).isEqualTo(1);
            assertThat(gone.err()).contains("host " + first.address() + " is not reached: nothing listens there").hasLineCount(1);
        } finally {
            starting.forEach(Process::destroyForcibly);
        }
    }

    private Path imagined(String name, List<String> more) throws Exception {
        List<String> words = new ArrayList<>(List.of("imagine", "a red star left of a blue house", "--seed", "1", "--out", name));
        words.addAll(more);
        Call call = call(words.toArray(String[]::new));
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isZero();
        return folder.resolve(name);
    }

    private static int[] pixels(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @Test
    void strangersAreKeptOutUnlessPlainTextIsAskedFor() throws Exception {
        Call open = call("hosts", "serve", "--port", "0");
        assertThat(open.status()).isEqualTo(1);
        assertThat(open.err()).contains("hosts need to know each other: set certificate and key").hasLineCount(1);
        options = PLAIN;
        Call everywhere = call("hosts", "serve", "--port", "0", "--host", "0.0.0.0");
        assertThat(everywhere.status()).isEqualTo(1);
        assertThat(everywhere.err()).contains("plain text is for loopback alone");
        Call none = call("hosts");
        assertThat(none.out()).startsWith("no other host is known");
    }
}
