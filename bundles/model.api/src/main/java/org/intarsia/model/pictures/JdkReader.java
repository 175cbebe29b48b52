package org.intarsia.model.pictures;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.intarsia.model.api.ModelException;

/** A reader of the JDK for one file. */
final class JdkReader implements AutoCloseable {
    private final ImageInputStream stream;
    private final ImageReader reader;

    /**
     * Opens a file.
     *
     * @param format   the format's name in the JDK
     * @param metadata whether metadata is read, too
     */
    JdkReader(PictureSource source, String format, boolean metadata) throws IOException {
        reader = find(format);
        stream = source.openSeekable();
        reader.setInput(stream, false, !metadata);
    }

    /** Other readers may be installed beside the JDK's; their values could differ. */
    private static ImageReader find(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
        }
        throw new ModelException("this Java runtime has no reader for " + format + " pictures; run with a complete JDK 25");
    }

    /** Returns the reader, once the size of the first picture is known to be acceptable. */
    ImageReader reader() throws IOException {
        PixelLimit.check(reader.getWidth(0), reader.getHeight(0));
        return reader;
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        stream.close();
    }
}
