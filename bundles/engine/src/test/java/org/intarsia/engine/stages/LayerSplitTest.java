package org.intarsia.engine.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.intarsia.engine.stages.StageHost.Capacity;
import org.junit.jupiter.api.Test;

/** Layers are divided so that the slowest host takes as little time as it can. */
class LayerSplitTest {
    private static final long[] TWELVE = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10};

    private static int[] split(long fixed, Capacity... hosts) {
        return LayerSplit.of(TWELVE, fixed, fixed, List.of(hosts)).orElseThrow();
    }

    @Test
    void equalHostsGetEqualShares() {
        assertThat(split(0, new Capacity(1000, 5), new Capacity(1000, 5), new Capacity(1000, 5))).containsExactly(4, 4, 4);
    }

    @Test
    void theFasterHostGetsMore() {
        assertThat(split(0, new Capacity(1000, 1), new Capacity(1000, 2), new Capacity(1000, 3))).containsExactly(2, 4, 6);
    }

    @Test
    void theFirstHostHasTheHeadsToo() {
        assertThat(split(30, new Capacity(1000, 1), new Capacity(1000, 1), new Capacity(1000, 1))).containsExactly(2, 5, 5);
    }

    @Test
    void theEmbeddingTakesRoomAndNoTime() {
        assertThat(LayerSplit.of(TWELVE, 30, 0, List.of(new Capacity(1000, 1), new Capacity(1000, 1), new Capacity(1000, 1))))
                .hasValueSatisfying(counts -> assertThat(counts).containsExactly(4, 4, 4));
        assertThat(LayerSplit.of(TWELVE, 30, 0, List.of(new Capacity(50, 1), new Capacity(1000, 1), new Capacity(1000, 1))))
                .hasValueSatisfying(counts -> assertThat(counts).containsExactly(2, 5, 5));
    }

    @Test
    void noHostGetsMoreThanItHasRoomFor() {
        assertThat(split(0, new Capacity(30, 100), new Capacity(20, 100), new Capacity(70, 1))).containsExactly(3, 2, 7);
    }

    @Test
    void theFirstGetsALayerAlsoWhereItIsSlow() {
        assertThat(split(0, new Capacity(1000, 0.001), new Capacity(1000, 1000))).containsExactly(1, 11);
    }

    @Test
    void aHostWhoseSpeedIsNotKnownMakesAllCountAlike() {
        assertThat(split(0, new Capacity(0, 0), new Capacity(0, 7))).containsExactly(6, 6);
    }

    @Test
    void withoutRoomForAllThereIsNoSplit() {
        assertThat(LayerSplit.of(TWELVE, 0, 0, List.of(new Capacity(60, 1), new Capacity(59, 1)))).isEmpty();
        assertThat(LayerSplit.of(TWELVE, 1, 0, List.of(new Capacity(60, 1), new Capacity(60, 1)))).isEmpty();
        assertThat(LayerSplit.of(TWELVE, 0, 0, List.of(new Capacity(60, 1), new Capacity(60, 1)))).isPresent();
    }
}
