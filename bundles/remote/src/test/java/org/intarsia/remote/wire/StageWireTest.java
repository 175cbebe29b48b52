package org.intarsia.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.wire.StageMessage.Compute;
import org.intarsia.remote.wire.StageMessage.Computed;
import org.intarsia.remote.wire.StageMessage.Malformed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stages over real sockets: opened, asked, lost and closed; and bytes that are no messages about them. */
@Timeout(120)
class StageWireTest {
    private static final WireSecurity PLAIN =
            new WireSecurity(true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final StageLayers LAYERS = new StageLayers("sha256:00", 3, 5, 512, 10, 16, Encoding.F16, Precision.FAST, "ab");

    private static WireThreads threads;

    private HostServer server = server(Duration.ofMillis(800));

    @BeforeAll
    static void begin() {
        threads = new WireThreads();
    }

    @AfterAll
    static void end() {
        threads.close();
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(ToyHost.OPEN).hasValue(0);
    }

    private static HostServer server(Duration timeout) {
        return new HostServer(new ToyHost(ToyHost.USUAL), "127.0.0.1", 0, PLAIN, new WireLimits(timeout, 1 << 20), threads);
    }

    private HostConnection client(Encoding activations) {
        return new HostConnection(new HostAddress("127.0.0.1", server.port()), PLAIN, new WireLimits(Duration.ofMillis(800), 1 << 20),
                activations, threads);
    }

    private static StageStep step(int tokens, float... hidden) {
        int[] numbers = new Random(tokens).ints(tokens, 0, 100).toArray();
        return new StageStep(numbers, new int[][]{numbers, numbers}, numbers, numbers, numbers, new int[3 * tokens], hidden);
    }

    @Test
    void aStageComputesAndGrowsUntilItIsClosed() throws InterruptedException {
        try (HostConnection client = client(Encoding.F32)) {
            Stage stage = client.stage(LAYERS);
            assertThat(stage.where()).isEqualTo("toy/toy");
            assertThat(stage.isAlikeBesideOthers()).isTrue();
            assertThat(stage.run(step(2, 1, 2.123456f, -3e-30f))).containsExactly(4, 5.123456f, 3);
            stage.grow(1000);
            assertThatThrownBy(() -> stage.grow(1001)).isInstanceOf(BackendException.class).isNotInstanceOf(StageLostException.class)
                    .hasMessage("host 127.0.0.1:" + server.port() + ": the toy has no room");
            assertThat(stage.run(step(1, 7))).containsExactly(10);
            stage.close();
            stage.close();
            for (int i = 0; i < 100 && ToyHost.OPEN.get() > 0; i++) {
                Thread.sleep(20);
            }
            assertThat(ToyHost.OPEN).hasValue(0);
        }
    }

    @Test
    void inBf16ActivationsAreRoundedAndItSaysSo() {
        try (HostConnection client = client(Encoding.BF16); Stage stage = client.stage(LAYERS)) {
            assertThat(stage.where()).isEqualTo("toy/toy over BF16 fast");
            assertThat(stage.run(step(1, 1.00390625f, 1.01171875f, -8))).containsExactly(4, 4, -5);
        }
    }

    @Test
    void whoComputesLongerThanTheSilenceGivesSigns() {
        try (HostConnection client = client(Encoding.F32); Stage stage = client.stage(LAYERS)) {
            assertThat(stage.run(step(14, 1))).containsExactly(4);
        }
    }

    @Test
    void whoeverWaitsForAStepCannotBeInterrupted() {
        try (HostConnection client = client(Encoding.F32); Stage stage = client.stage(LAYERS)) {
            Thread.currentThread().interrupt();
            assertThat(stage.run(step(2, 1, 2))).containsExactly(4, 5);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aBrokenStageIsLostAndAnotherMayBeOpened() {
        try (HostConnection client = client(Encoding.F32)) {
            try (Stage stage = client.stage(LAYERS)) {
                assertThatThrownBy(() -> stage.run(step(13, 1))).isInstanceOfSatisfying(StageLostException.class,
                        lost -> assertThat(lost.isHostLost()).isFalse()).hasMessageEndingWith(": the toy is broken");
            }
            try (Stage stage = client.stage(LAYERS)) {
                assertThat(stage.run(step(1, 1))).containsExactly(4);
            }
        }
    }

    @Test
    void otherWeightsAreRefusedInTheHostsWords() {
        StageLayers other = new StageLayers("sha256:01", 3, 5, 512, 10, 16, Encoding.F32, Precision.EXACT, "ab");
        try (HostConnection client = client(Encoding.F32)) {
            assertThatThrownBy(() -> client.stage(other)).isInstanceOf(ModelException.class)
                    .hasMessage("host 127.0.0.1:" + server.port() + ": the toy has no such weights");
        }
    }

    @Test
    void whenTheServerStopsTheStageIsLostWithItsHost() {
        try (HostConnection client = client(Encoding.F32); Stage stage = client.stage(LAYERS)) {
            stage.run(step(1, 1));
            server.close();
            assertThat(ToyHost.OPEN).hasValue(0);
            assertThatThrownBy(() -> stage.run(step(1, 1))).isInstanceOfSatisfying(StageLostException.class,
                    lost -> assertThat(lost.isHostLost()).isTrue());
            assertThatThrownBy(() -> client.stage(LAYERS)).isInstanceOf(StageLostException.class).hasMessageContaining("is not reached");
        }
        server = server(Duration.ofSeconds(1));
    }

    @Test
    void aClientThatDiesTakesItsStagesWithIt() throws InterruptedException {
        HostConnection client = client(Encoding.F32);
        client.stage(LAYERS);
        client.stage(LAYERS);
        assertThat(ToyHost.OPEN).hasValue(2);
        client.close();
        for (int i = 0; i < 100 && ToyHost.OPEN.get() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(ToyHost.OPEN).hasValue(0);
    }

    @Test
    void aStepLargerThanAMessageMayBeSaysWhatMendsIt() {
        try (HostConnection client = client(Encoding.F32); Stage stage = client.stage(LAYERS)) {
            assertThatThrownBy(() -> stage.run(step(1, new float[1 << 20]))).isInstanceOf(ModelException.class)
                    .hasMessageContaining("set frame to more on both hosts");
            assertThat(stage.run(step(1, 1))).containsExactly(4);
        }
    }

    private static StageMessage parsed(byte[] bytes) {
        return new StageFormat().parse(new ByteArrayInputStream(bytes));
    }

    private static byte[] written(StageMessage message) throws IOException {
        return new StageFormat().stream(message).readAllBytes();
    }

    @Test
    void messagesComeBackAsTheyWere() throws IOException {
        StageStep step = step(5, 1, 2, 3);
        List<StageMessage> messages = List.of(new StageMessage.Open(LAYERS), new StageMessage.Opened("täst", false), new StageMessage.Grow(7),
                new StageMessage.Grown(7), new Compute(step, Encoding.F32), new Compute(step, Encoding.BF16), new StageMessage.Working(),
                new StageMessage.Refused(StageMessage.Reason.LOST, "ünd"));
        for (StageMessage message : messages) {
            assertThat(parsed(written(message))).isEqualTo(message);
        }
        assertThat(((Computed) parsed(written(new Computed(new float[]{1, Float.NaN, -0f}, Encoding.F32)))).hidden())
                .containsExactly(1, Float.NaN, -0f);
    }

    @Test
    void bytesOfStrangersAreRefusedBeforeRoomIsMadeForThem() throws IOException {
        byte[] whole = written(new Compute(step(5, 1, 2, 3), Encoding.F32));
        for (int length = 0; length < whole.length; length++) {
            assertThat(parsed(Arrays.copyOf(whole, length))).isInstanceOf(Malformed.class);
        }
        assertThat(parsed(Arrays.copyOf(whole, whole.length + 1))).isEqualTo(new Malformed("bytes follow it"));
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = whole.clone();
            changed[4 + random.nextInt(whole.length - 4)] = (byte) random.nextInt();
            // Nothing is thrown, and no array is larger than the message.
            parsed(changed);
        }
    }
}
