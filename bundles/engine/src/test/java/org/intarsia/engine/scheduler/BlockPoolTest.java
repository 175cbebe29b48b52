package org.intarsia.engine.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Full blocks are found again by their tokens and those in front of them, until what they hold is forgotten. */
class BlockPoolTest {
    private static final int[] FIRST = {1, 2};
    private static final int[] SECOND = {3, 4};

    private final BlockPool pool = new BlockPool(2, true);

    BlockPoolTest() {
        pool.grow(4);
    }

    @Test
    void aFullBlockIsFoundBehindTheSameTokensAlone() {
        int first = pool.take();
        pool.fill(first, BlockPool.BEGIN, FIRST);
        int second = pool.take();
        pool.fill(second, pool.content(first), SECOND);

        assertThat(pool.share(BlockPool.BEGIN, FIRST)).isEqualTo(first);
        assertThat(pool.share(pool.content(first), SECOND)).isEqualTo(second);
        assertThat(pool.share(BlockPool.BEGIN, SECOND)).isEqualTo(BlockPool.NONE);
    }

    @Test
    void nobodyFindsWhatWasForgotten() {
        int used = pool.take();
        pool.fill(used, BlockPool.BEGIN, FIRST);
        int idle = pool.take();
        pool.fill(idle, pool.content(used), SECOND);
        pool.giveBack(idle);

        pool.forgetFull(true);

        assertThat(pool.share(BlockPool.BEGIN, FIRST)).isEqualTo(BlockPool.NONE);
        assertThat(pool.available()).isEqualTo(3);
        pool.giveBack(used);
        assertThat(pool.available()).isEqualTo(4);
        assertThat(pool.isUnused()).isTrue();
    }

    /** Its user goes on behind it; what he fills then must not look like the begin of a stream. */
    @Test
    void aForgottenBlockIsNotTakenForTheBeginOfAStream() {
        BlockPool apart = new BlockPool(2, false);
        apart.grow(4);
        int first = apart.take();
        apart.fill(first, BlockPool.BEGIN, FIRST);

        apart.forgetFull(true);
        int second = apart.take();
        apart.fill(second, apart.content(first), SECOND);

        assertThat(apart.content(first)).isNotEqualTo(BlockPool.BEGIN);
        assertThat(apart.share(BlockPool.BEGIN, SECOND)).isEqualTo(BlockPool.NONE);
        assertThat(apart.share(apart.content(first), SECOND)).isEqualTo(second);
    }
}
