package org.intarsia.model.pictures;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The bytes of a picture file, which may be read more than once. */
public interface PictureSource {
    /** Opens the bytes for a single pass. */
    InputStream open() throws IOException;

    /** Opens the bytes for the readers of the JDK, which jump. */
    ImageInputStream openSeekable() throws IOException;

    /** The bytes of a file. */
    static PictureSource of(Path file) {
        return new PictureSource() {
            @Override
            public InputStream open() throws IOException {
                return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
            }

            @Override
            public ImageInputStream openSeekable() throws IOException {
                return new FileImageInputStream(file.toFile());
            }
        };
    }

    /** Bytes in memory. */
    static PictureSource of(byte[] content) {
        return new PictureSource() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }

            @Override
            public ImageInputStream openSeekable() {
                return new MemoryCacheImageInputStream(open());
            }
        };
    }
}
