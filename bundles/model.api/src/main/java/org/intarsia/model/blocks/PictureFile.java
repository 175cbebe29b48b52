package org.intarsia.model.blocks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.pictures.Decoded;
import org.intarsia.model.pictures.Orientation;
import org.intarsia.model.pictures.PictureDecoder;
import org.intarsia.model.pictures.PictureSource;
import org.intarsia.weights.LfsPointer;
import org.intarsia.weights.WeightsException;

/**
 * Reads picture files (PNG, JPEG, GIF, BMP, TIFF) to 8-bit RGB. Colours are those of Pillow's {@code convert("RGB")}:
 * <ul>
 * <li>embedded colour profiles and gamma values are ignored, in every format;</li>
 * <li>CMYK, YCCK and L*a*b* are converted;</li>
 * <li>16-bit channels keep their upper half, except for grey without alpha: its levels above 255 become white;</li>
 * <li>alpha is kept apart, since families differ in what they make of it. A colour key counts as transparency in palettes
 * and in grey of up to 8 bits.</li>
 * </ul>
 */
public final class PictureFile {
    private PictureFile() {
    }

    /**
     * Reads a file, and turns the picture as a person sees it: cameras store it as the sensor lay, and note the
     * orientation beside (EXIF in JPEG and PNG, a tag in TIFF).
     *
     * @throws ModelException if the file does not exist, is no picture, is damaged or cut off, or is too large
     */
    public static Image read(Path file) {
        return upright(decode(file));
    }

    /**
     * Reads the content of a file, and turns the picture as {@link #read(Path)} does.
     *
     * @throws ModelException if it is no picture, is damaged or cut off, or is too large
     */
    public static Image read(byte[] content) {
        return upright(decode("of " + content.length + " bytes in memory", PictureSource.of(content)));
    }

    private static Image upright(Decoded decoded) {
        return Orientation.upright(decoded.image(), decoded.orientation());
    }

    /**
     * Reads a file, and leaves the pixels in the orientation in which they are stored. The processors of the reference
     * implementations do so when they are handed what {@code PIL.Image.open} returns.
     *
     * @throws ModelException as for {@link #read(Path)}
     */
    public static Image readAsStored(Path file) {
        return decode(file).image();
    }

    private static Decoded decode(Path file) {
        if (Files.isDirectory(file)) {
            throw new ModelException("'" + file + "' is a folder, not a picture; name a file in it");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelException("there is no picture file '" + file + "'");
        }
        try {
            LfsPointer.refuse(file);
        } catch (WeightsException e) {
            throw new ModelException(e.getMessage(), e);
        } catch (IOException e) {
            throw new ModelException("the picture '" + file + "' cannot be read: " + e.getMessage(), e);
        }
        return decode("'" + file + "'", PictureSource.of(file));
    }

    private static Decoded decode(String name, PictureSource source) {
        try {
            byte[] head;
            try (InputStream in = source.open()) {
                head = in.readNBytes(PictureDecoder.HEAD);
            }
            PictureDecoder decoder = PictureDecoder.of(head).orElseThrow(() -> new ModelException(
                    PictureDecoder.unsupported(head).map(format -> "the picture " + name + " is " + format
                            + ", which cannot be read; save it as PNG or JPEG")
                            .orElse(name + " is no picture that can be read; " + PictureDecoder.names() + " can")));
            return decode(name, source, decoder);
        } catch (IOException e) {
            throw new ModelException("the picture " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Decoded decode(String name, PictureSource source, PictureDecoder decoder) {
        try {
            return decoder.decode(source);
        } catch (ModelException e) {
            throw new ModelException("the picture " + name + " cannot be read: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            // The readers of the JDK answer damaged files with unchecked exceptions of many kinds.
            throw new ModelException("the picture " + name + (isCutOff(e) ? " is cut off: it ends in the middle; get the file again"
                    : " is damaged or of a kind that cannot be read: " + e.getMessage()), e);
        }
    }

    private static boolean isCutOff(Throwable e) {
        return e instanceof EOFException || e.getCause() != null && isCutOff(e.getCause());
    }
}
