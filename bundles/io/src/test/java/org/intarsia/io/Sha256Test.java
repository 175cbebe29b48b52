package org.intarsia.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Known answers of FIPS 180-4's examples. */
class Sha256Test {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String MILLION = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

    @TempDir
    private Path folder;

    @Test
    void bytes() {
        MessageDigest digest = Sha256.digest();
        digest.update("abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(Sha256.hexadecimal(digest)).isEqualTo(ABC);
    }

    @Test
    void aFileOfSeveralPieces() throws IOException {
        assertThat(Sha256.hexadecimal(Files.writeString(folder.resolve("a"), "a".repeat(1_000_000)))).isEqualTo(MILLION);
    }
}
