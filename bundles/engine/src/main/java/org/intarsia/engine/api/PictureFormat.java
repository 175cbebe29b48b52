package org.intarsia.engine.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;

/** The formats in which pictures are written. */
public enum PictureFormat {
    /** Keeps every colour. */
    PNG("png"),
    /** Of quality 95, all channels at full size; colours change a little. */
    JPEG("jpg", "jpeg");

    private final List<String> endings;

    PictureFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /**
     * Returns the format that a file's name asks for by its ending; PNG where the name has none.
     *
     * @throws ModelException if the ending is that of none of the formats
     */
    public static PictureFormat of(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            return PNG;
        }
        String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        for (PictureFormat format : values()) {
            if (format.endings.contains(ending)) {
                return format;
            }
        }
        throw new ModelException(file + " cannot be written: pictures are written as PNG or JPEG; end the name with .png or .jpg");
    }

    /**
     * Encodes a picture: equal pictures with equal records give equal bytes.
     *
     * @param record text that the file carries along, see {@link PictureFiles#record}
     */
    public byte[] encode(Image picture, Optional<String> record) {
        return switch (this) {
            case PNG -> PictureFiles.png(picture, record);
            case JPEG -> JpegFile.encode(picture, record);
        };
    }
}
