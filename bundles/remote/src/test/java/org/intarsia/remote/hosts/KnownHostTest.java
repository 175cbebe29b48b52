package org.intarsia.remote.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.graph.Shape;
import org.intarsia.graph.Encoding;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostDescription.HostModel;
import org.intarsia.remote.wire.HostAddress;
import org.intarsia.remote.wire.HostConnection;
import org.intarsia.remote.wire.HostServer;
import org.intarsia.remote.wire.ToyHost;
import org.intarsia.remote.wire.WireLimits;
import org.intarsia.remote.wire.WireSecurity;
import org.intarsia.remote.wire.WireThreads;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** States of a host that is asked again and again, over real sockets. */
@Timeout(120)
class KnownHostTest {
    private static final WireSecurity PLAIN =
            new WireSecurity(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final WireLimits LIMITS = new WireLimits(Duration.ofSeconds(20), 1 << 20);

    @TempDir
    private Path folder;
    private final WireThreads threads = new WireThreads();
    private final List<String> events = new ArrayList<>();
    private LocalHost local;
    private Optional<HostServer> server = Optional.empty();

    private final HostEvents recorder = new HostEvents() {
        @Override
        void changed(String address, KnownHost.Finding finding) {
            events.add(finding.state().name());
        }
    };

    @BeforeEach
    void makeModel() {
        Safetensors.write(folder.resolve("model.safetensors"), List.of(Tensor.of("a", Shape.of(2), new float[] {1, 2})), Map.of());
        local = new LocalHost(new StandIn() {
            @Override
            public Path directory(String nameOrDirectory) {
                return folder;
            }
        }, () -> 1e9, "here", "1.2.3");
    }

    @AfterEach
    void end() {
        server.ifPresent(HostServer::close);
        threads.close();
    }

    private int serve(HostDescription description, int port) {
        server.ifPresent(HostServer::close);
        server = Optional.of(new HostServer(new ToyHost(description), "127.0.0.1", port, PLAIN, LIMITS, threads));
        return server.get().port();
    }

    private HostDescription like(String id, String version, String weights) {
        return new HostDescription(id, "there", version, false, 0, List.of(), List.of(new HostModel("picturebook", weights)), 0, 0);
    }

    private KnownHost known(int port) {
        HostConnection connection = new HostConnection(new HostAddress("127.0.0.1", port), PLAIN, LIMITS, Encoding.F32, threads);
        return new KnownHost("there:1", connection, connection::close, recorder::changed);
    }

    @Test
    void hostThatFitsIsReachedLostAndReachedAgain() {
        String weights = local.describe().models().getFirst().weights();
        assertThat(weights).matches("sha256:[0-9a-f]{64}");
        int port = serve(like("1", "1.2.3", weights), 0);
        KnownHost host = known(port);
        assertThat(host.finding().state()).isEqualTo(KnownHost.State.UNKNOWN);
        host.ask(local);
        host.ask(local);
        assertThat(host.finding().sentence()).isEqualTo("host there:1 is there");
        server.get().close();
        host.ask(local);
        host.ask(local);
        assertThat(host.finding().sentence()).contains("nothing listens there");
        assertThat(host.finding().description()).isPresent();
        serve(like("2", "1.2.3", weights), port);
        host.ask(local);
        assertThat(host.finding().sentence()).isEqualTo("host there:1 was started again and is there");
        // One event a change, however often it is asked.
        assertThat(events).containsExactly("REACHED", "LOST", "REACHED");
        host.close();
    }

    @Test
    void hostOfAnotherVersionIsRefused() {
        KnownHost host = known(serve(like("1", "1.2.4", "sha256:00"), 0));
        host.ask(local);
        assertThat(host.finding().sentence())
                .isEqualTo("host there:1 runs Intarsia 1.2.4, and this one 1.2.3; install the same version on both");
        assertThat(events).containsExactly("REFUSED");
        host.close();
    }

    @Test
    void hostWithOtherWeightsIsRefused() {
        KnownHost host = known(serve(like("1", "1.2.3", "sha256:0123456789"), 0));
        host.ask(local);
        assertThat(host.finding().sentence()).startsWith("host there:1 has other weights of model picturebook (sha256:01234567…, here sha256:");
        assertThat(events).containsExactly("REFUSED");
        host.close();
    }

    @Test
    void textsOfAHostMoveNoCursor() {
        KnownHost host = known(serve(like("1", "\u001b[2J", "sha256:00"), 0));
        host.ask(local);
        assertThat(host.finding().sentence()).doesNotContain("\u001b");
        host.close();
    }

    @Test
    void drainedHostSaysSo() {
        HostDescription there = like("1", "1.2.3", local.describe().models().getFirst().weights());
        KnownHost host = known(serve(new HostDescription(there.id(), there.name(), there.version(), true, 0, List.of(), there.models(), 0, 0), 0));
        host.ask(local);
        assertThat(host.finding().sentence()).isEqualTo("host there:1 is there; it asks for no more work");
        assertThat(host.unusable()).contains("host there:1 asks for no more work: leave it out, or say hosts drain --off there");
        host.close();
    }

    @Test
    void aProcessDoesNotComputeForItself() {
        KnownHost host = known(serve(local.describe(), 0));
        host.ask(local);
        assertThat(host.unusable()).contains("host there:1 is this process itself; name others");
        host.close();
    }

    @Test
    void linkIsMeasured() {
        LinkMeasurement link = LinkMeasurement.of(local, 2, 10);
        assertThat(link.frameBytes()).isEqualTo(64 << 10);
        assertThat(link.roundTripMs()).isBetween(0.0, link.slowestMs());
    }

    @Test
    void memoryIsMeasuredBeforeOthersAsk() {
        assertThat(local.describe().memoryBandwidth()).isZero();
        local.prepare();
        assertThat(local.describe().memoryBandwidth()).isEqualTo(1e9);
    }
}
