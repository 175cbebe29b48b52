package org.intarsia.shell.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void sizesAreShort() {
        assertThat(Sizes.bytes(999)).isEqualTo("999 B");
        assertThat(Sizes.bytes(7_000_000_000L)).isEqualTo("7.00 GB");
        assertThat(Sizes.bytes(999_999)).isEqualTo("1.00 MB");
        assertThat(Sizes.count(405_853_388_800L)).isEqualTo("406 B");
        assertThat(Sizes.progress("x", 1, 0)).isEqualTo("100 % of 0 B: x");
    }
}
