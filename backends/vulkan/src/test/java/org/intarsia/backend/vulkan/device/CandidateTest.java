package org.intarsia.backend.vulkan.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The name of a device, and the sentence about one that cannot be used. */
class CandidateTest {
    @Test
    void namesLeaveOutWhatChangesWithTheDriver() {
        assertThat(Candidate.shortName("llvmpipe (LLVM 15.0.6, 512 bits)")).isEqualTo("llvmpipe");
        assertThat(Candidate.shortName("AMD Radeon RX 7900 XTX (RADV NAVI31)")).isEqualTo("amd-radeon-rx-7900-xtx");
        assertThat(Candidate.shortName("Intel(R) Arc(tm) A770 Graphics (DG2)")).isEqualTo("intel-arc-a770-graphics");
        assertThat(Candidate.shortName("(?)")).isEqualTo("device");
    }

    @Test
    void whatADeviceLacksIsSaid() {
        assertThat(capabilities(false, true).missing()).isEqualTo("it has no 16-bit storage");
        assertThat(capabilities(true, false).missing()).isEqualTo("it has no timeline semaphores");
        assertThat(capabilities(true, true).missing()).isEmpty();
    }

    private static Capabilities capabilities(boolean storage16, boolean timelineSemaphore) {
        return new Capabilities(storage16, timelineSemaphore, false, false, false, false, false, false, false, false, false,
                false, false, false, false);
    }
}
