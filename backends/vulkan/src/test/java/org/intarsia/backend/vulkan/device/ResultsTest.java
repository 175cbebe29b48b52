package org.intarsia.backend.vulkan.device;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lwjgl.vulkan.VK10.VK_ERROR_DEVICE_LOST;
import static org.lwjgl.vulkan.VK10.VK_ERROR_OUT_OF_HOST_MEMORY;
import static org.lwjgl.vulkan.VK10.VK_SUCCESS;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;
import org.junit.jupiter.api.Test;

/** Word for word, since users read them. */
class ResultsTest {

    @Test
    void successSaysNothing() {
        assertThatNoException().isThrownBy(() -> Results.check(VK_SUCCESS, "vkQueueSubmit"));
    }

    @Test
    void everyOtherResultIsASentence() {
        assertThatThrownBy(() -> Results.check(VK_ERROR_OUT_OF_HOST_MEMORY, "vkQueueSubmit"))
                .isInstanceOf(BackendException.class).isNotInstanceOf(DeviceLostException.class)
                .hasMessage("vulkan: vkQueueSubmit failed: VK_ERROR_OUT_OF_HOST_MEMORY, the host has no memory left");
    }

    @Test
    void aLostDeviceIsTold() {
        assertThatThrownBy(() -> Results.check(VK_ERROR_DEVICE_LOST, "vkQueueSubmit")).isInstanceOf(DeviceLostException.class)
                .hasMessage("vulkan: vkQueueSubmit failed: VK_ERROR_DEVICE_LOST, the device hung or was reset; open it again");
    }
}
