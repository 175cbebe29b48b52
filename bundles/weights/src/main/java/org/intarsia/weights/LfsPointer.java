package org.intarsia.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The few lines that Git leaves in place of a large file where its extension LFS has not fetched the file itself. */
public final class LfsPointer {
    private static final String BEGINNING = "version https://git-lfs.github.com/spec/";

    private LfsPointer() {
    }

    /**
     * Does nothing, but for a file that is such a pointer.
     *
     * @throws WeightsException when it is one; the sentence says how to get the file itself
     * @throws IOException when the file cannot be read
     */
    public static void refuse(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            if (new String(stream.readNBytes(BEGINNING.length()), StandardCharsets.US_ASCII).equals(BEGINNING)) {
                throw new WeightsException("'" + file + "' is a pointer of Git LFS and not the file itself; get it with"
                        + " `git lfs pull` in its folder");
            }
        }
    }
}
