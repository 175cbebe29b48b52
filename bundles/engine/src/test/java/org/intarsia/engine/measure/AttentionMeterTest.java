package org.intarsia.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.cpu.CpuBackend;
import org.intarsia.engine.api.Meter.Attention;
import org.junit.jupiter.api.Test;

/** What is measured of attention, and what is left out; how fast it is is of no account. */
class AttentionMeterTest {
    private static List<Attention> measure(Duration longest, Integer... contexts) {
        try (Device device = new CpuBackend().open("cpu")) {
            AttentionMeter meter = new AttentionMeter(device, Precision.EXACT, new Stopwatch(Duration.ZERO, longest), news -> { });
            return contexts.length == 0 ? meter.measure() : meter.measure(List.of(contexts));
        }
    }

    @Test
    void everyNumberOfQueriesIsListedAndWhatWouldTakeTooLongIsNotRun() {
        List<Attention> all = measure(Duration.ZERO);
        assertThat(all).extracting(Attention::context).containsExactly(1024, 1024, 1024, 4096, 4096, 4096);
        assertThat(all).extracting(Attention::queries).containsExactly(1, 64, 1024, 1, 64, 4096);
        assertThat(all.get(0).cacheBytes()).isEqualTo(2 * 1024 * 8 * 128 * 4);
        assertThat(all.get(5).floatOperations()).isEqualTo(2.0 * 2 * 4096 * 4096 * 32 * 128);
        for (int i = 0; i < all.size(); i += 3) {
            double alone = all.get(i).runs().perSecond().orElseThrow();
            assertThat(alone).isPositive().isFinite();
            assertThat(all.subList(i + 1, i + 3)).allSatisfy(more ->
                    assertThat(more.runs().runSeconds().orElseThrow()).isCloseTo(more.queries() / alone, withPercentage(1e-6)));
        }
    }

    @Test
    void manyQueriesAreMeasuredWhereTheTimeSuffices() {
        List<Attention> all = measure(Duration.ofDays(1), 256);
        assertThat(all).extracting(Attention::queries).containsExactly(1, 64, 256);
        assertThat(all).allSatisfy(attention -> assertThat(attention.runs().perSecond().orElseThrow()).isPositive().isFinite());
    }

    @Test
    void anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> measure(Duration.ZERO)).isInstanceOf(CancellationException.class)
                    .hasMessage("the measuring was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
