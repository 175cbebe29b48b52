package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
        Process process = start("hosts", "serve", "--port", port);
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
