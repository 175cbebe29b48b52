package org.intarsia.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Random numbers of a seed. */
class SplitMixTest {

    /** Known answers of SplitMix64 for seed 0, so that seeds mean the same pictures for all time. */
    @Test
    void randomNumbersNeverChange() {
        SplitMix random = new SplitMix(0);
        assertThat(random.next()).isEqualTo((0xE220A8397B1DCDAFL >>> 11) * 0x1p-53);
        assertThat(random.next()).isEqualTo((0x6E789E6AA1B965F4L >>> 11) * 0x1p-53);
    }
}
