package org.intarsia.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Random numbers of a seed. */
class SplitMixTest {
    private static final long FIRST = 0xE220A8397B1DCDAFL;
    private static final long SECOND = 0x6E789E6AA1B965F4L;

    /** Known answers of SplitMix64 for seed 0, so that seeds mean the same pictures for all time. */
    @Test
    void randomNumbersNeverChange() {
        SplitMix random = new SplitMix(0);
        assertThat(random.next()).isEqualTo(FIRST);
        assertThat(random.nextDouble()).isEqualTo((SECOND >>> 11) * 0x1p-53);
    }

    @Test
    void eachNumberIsFoundByItsIndex() {
        assertThat(SplitMix.at(0, 1)).isEqualTo(FIRST);
        assertThat(SplitMix.at(0, 2)).isEqualTo(SECOND);
    }

    @Test
    void theOrderOfSeedsMatters() {
        assertThat(SplitMix.of(1, 2).next()).isEqualTo(SplitMix.of(1, 2).next()).isNotEqualTo(SplitMix.of(2, 1).next())
                .isNotEqualTo(SplitMix.of(1).next());
    }
}
