package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Bundles stop in the midst of a picture that a command makes. */
class LeavingIT extends Launched {
    private Call imagine(String halfway) throws Exception {
        return call("imagine", "a red star", "--seed", "1", "--backend", "cpu", "--out", "star.png", "--halfway", halfway);
    }

    /** Nobody else uses the engine then. */
    @Test
    void thePictureOutlivesTheShell() throws Exception {
        assertThat(imagine("stop org.intarsia.shell")).satisfies(call -> {
            assertThat(call.err()).isEmpty();
            assertThat(call.status()).isZero();
        });
        assertThat(folder.resolve("star.png")).isNotEmptyFile();
    }

    @Test
    void thePictureDoesNotOutliveTheEngineAndTheCauseIsTold() throws Exception {
        Call call = imagine("stop org.intarsia.engine");

        assertThat(call.err()).isEqualTo("intarsia: the engine has stopped, since its bundle or one that it needs was stopped,"
                + " updated or refreshed, while it used model picturebook: ask again when it runs\n");
        assertThat(call.status()).isOne();
        assertThat(folder.resolve("star.png")).doesNotExist();
    }
}
