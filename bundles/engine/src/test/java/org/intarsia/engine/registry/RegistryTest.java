package org.intarsia.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.engine.scheduler.SchedulerLimits;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.image.decoder.JanusDecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Constants;

/** The services of a bundle leave together where it stops, and one by one where it does not. */
class RegistryTest {
    private static final long DECODERS = 7;
    private static final long BACKENDS = 8;

    private final ChameleonDecoderFactory chameleon = new ChameleonDecoderFactory();
    private final JanusDecoderFactory janus = new JanusDecoderFactory();
    private final CpuBackend backend = new CpuBackend();
    private final List<Object> left = new ArrayList<>();
    private long stopping;

    private final Registry registry = new Registry(new Registry.Bundles() {
        @Override
        public String name(long id) {
            return "bundle" + id;
        }

        @Override
        public boolean isStopping(long id) {
            return id == stopping;
        }
    }, "0.1.0", new Settings(Duration.ZERO, Duration.ZERO, new SchedulerLimits(1, 1, 1, 1)));

    RegistryTest() {
        registry.addImageDecoder(chameleon, properties(1, DECODERS));
        registry.addImageDecoder(janus, properties(2, DECODERS));
        registry.addBackend(backend, properties(3, BACKENDS));
        registry.watch(left::add);
    }

    private static Map<String, Object> properties(long id, long bundle) {
        return Map.of(Constants.SERVICE_ID, id, Constants.SERVICE_BUNDLEID, bundle);
    }

    @Test
    void aServiceThatLeavesAloneTakesNoneWithIt() {
        registry.removeImageDecoder(chameleon);

        assertThat(left).containsExactly(chameleon);
        assertThat(registry.factories(Kind.IMAGE_DECODER)).extracting(Registry.Offer::service).containsExactly(janus);
        registry.removeImageDecoder(janus);
        assertThat(left).containsExactly(chameleon, janus);
    }

    /** The second one need not wait for the end of work again, which may go on for long. */
    @Test
    @Timeout(60)
    void theServicesOfABundleThatStopsLeaveTogether() throws Exception {
        stopping = DECODERS;
        registry.removeImageDecoder(janus);

        assertThat(left).containsExactlyInAnyOrder(chameleon, janus);
        assertThat(registry.factories(Kind.IMAGE_DECODER)).isEmpty();
        assertThat(registry.backends()).hasSize(1);
        assertThat(registry.hasLeft(Kind.IMAGE_DECODER)).isPresent();
        registry.using(() -> CompletableFuture.runAsync(() -> registry.removeImageDecoder(chameleon)).orTimeout(30, TimeUnit.SECONDS)
                .join());
        assertThat(left).containsExactlyInAnyOrder(chameleon, janus);
    }

    @Test
    void whatCameBackLeavesAgain() {
        stopping = DECODERS;
        registry.removeImageDecoder(janus);
        registry.removeImageDecoder(chameleon);
        stopping = 0;
        registry.addImageDecoder(janus, properties(4, DECODERS));
        assertThat(registry.factories(Kind.IMAGE_DECODER)).extracting(Registry.Offer::service).containsExactly(janus);

        registry.removeImageDecoder(janus);
        assertThat(registry.factories(Kind.IMAGE_DECODER)).isEmpty();
    }
}
