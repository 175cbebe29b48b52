package org.intarsia.remote.hosts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.wire.Certificates;
import org.intarsia.remote.wire.HostAddress;
import org.intarsia.remote.wire.HostConnection;
import org.intarsia.remote.wire.HostServer;
import org.intarsia.remote.wire.ToyHost;
import org.intarsia.remote.wire.WireLimits;
import org.intarsia.remote.wire.WireSecurity;
import org.intarsia.remote.wire.WireThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures a hop on loopback, plain and with mutual TLS. Its name keeps it out of the tests; run it by
 * {@code mvn -pl bundles/remote test -Dtest=LinkBenchmark}.
 */
class LinkBenchmark {
    private static final int WARM = 5_000;
    private static final int FRAMES = 5_000;

    @Test
    void hop(@TempDir Path folder) throws Exception {
        WireSecurity plain = new WireSecurity(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        measure("plain text", plain);
        measure("mutual TLS", Certificates.make(folder).mutual());
    }

    private static void measure(String name, WireSecurity security) {
        WireLimits limits = new WireLimits(Duration.ofSeconds(30), 64 << 20);
        try (WireThreads there = new WireThreads(); WireThreads here = new WireThreads();
                HostServer server = new HostServer(new ToyHost(ToyHost.USUAL), "127.0.0.1", 0, security, limits, there);
                HostConnection client = new HostConnection(new HostAddress("127.0.0.1", server.port()), security, limits, Encoding.F32, here)) {
            for (int round = 0; round < 3; round++) {
                LinkMeasurement link = LinkMeasurement.of(client, WARM, FRAMES);
                System.out.printf(Locale.ROOT, "%s: %.3f ms a hop for %d bytes (median), %.3f ms (p99); %.0f MB/s both ways%n", name,
                        link.roundTripMs() / 2, link.frameBytes(), link.slowestMs() / 2, link.bytesPerSecond() / 1e6);
            }
        }
    }
}
