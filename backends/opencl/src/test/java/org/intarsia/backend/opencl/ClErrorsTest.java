package org.intarsia.backend.opencl;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.DeviceLostException;
import org.junit.jupiter.api.Test;

/** Word for word, since users read them. */
class ClErrorsTest {

    @Test
    void successSaysNothing() {
        assertThatNoException().isThrownBy(() -> ClErrors.check("gpu0", "clFinish", 0));
    }

    @Test
    void everyOtherAnswerIsASentence() {
        says(-5, "opencl: clFinish failed on gpu0 with CL_OUT_OF_RESOURCES (-5): the device has run out of memory or was stopped"
                + " by its driver; open it again with a smaller model, or use another backend");
        says(-36, "opencl: clFinish failed on gpu0 with CL_INVALID_COMMAND_QUEUE (-36): the device was lost; open it again, or"
                + " use another backend");
        says(-52, "opencl: clFinish failed on gpu0 with CL_INVALID_KERNEL_ARGS (-52): this is a mistake in the backend or in the"
                + " driver; update the driver or use another backend, and report it");
        says(-9999, "opencl: clFinish failed on gpu0 with the driver's own code (-9999): a kernel reached outside of its memory;"
                + " use another backend, and report it");
    }

    @Test
    void aLostDeviceIsTold() {
        assertThatThrownBy(() -> ClErrors.check("gpu0", "clFinish", -36)).isInstanceOf(DeviceLostException.class);
        assertThatThrownBy(() -> ClErrors.check("gpu0", "clFinish", -5)).isNotInstanceOf(DeviceLostException.class);
    }

    private static void says(int code, String sentence) {
        assertThatThrownBy(() -> ClErrors.check("gpu0", "clFinish", code)).isInstanceOf(BackendException.class).hasMessage(sentence);
    }
}
