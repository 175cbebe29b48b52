package org.intarsia.model.pictures;

import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import org.intarsia.model.api.ModelException;

/**
 * Decodes JPEG: the JDK's libjpeg reads the samples, this class decides as libjpeg does by default which colours they
 * stand for. The JDK by itself guesses otherwise, and knows no CMYK.
 */
final class JpegDecoder implements PictureDecoder {
    private static final int PROGRESSIVE = 2;
    private static final int FIRST_ARITHMETIC = 9;
    private static final int LOSSLESS = 3;
    private static final List<Integer> RGB_IDENTIFIERS = List.of((int) 'R', (int) 'G', (int) 'B');
    private static final int ADOBE_NO_TRANSFORM = 0;
    private static final int MAXIMUM = 255;

    @Override
    public String name() {
        return "JPEG";
    }

    @Override
    public boolean matches(byte[] head) {
        return PictureDecoder.begins(head, 0xFF, 0xD8, 0xFF);
    }

    @Override
    public Decoded decode(PictureSource source) throws IOException {
        JpegMarkers markers = JpegMarkers.read(source);
        refuse(markers);
        try (JdkReader jdk = new JdkReader(source, "jpeg", false)) {
            List<String> warnings = new ArrayList<>();
            ImageReader reader = jdk.reader();
            reader.addIIOReadWarningListener((origin, warning) -> warnings.add(warning));
            WritableRaster raster = (WritableRaster) reader.readRaster(0, null);
            check(warnings);
            smooth(raster, markers.components());
            return new Decoded(Samples.image(raster.getWidth(), raster.getHeight(), pixels(raster, markers)),
                    markers.orientation());
        }
    }

    private static void refuse(JpegMarkers markers) {
        if (markers.process() >= FIRST_ARITHMETIC) {
            throw new ModelException("it is a JPEG with arithmetic coding, which is not supported; save it as a baseline JPEG");
        }
        if (markers.process() >= LOSSLESS) {
            throw new ModelException("it is a lossless or hierarchical JPEG, which is not supported; save it as a baseline JPEG");
        }
    }

    /** libjpeg goes on after damage, with grey or noise for the rest; only bytes between two segments do no harm. */
    private static void check(List<String> warnings) throws IIOException {
        for (String warning : warnings) {
            if (warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous") || warning.startsWith("Premature")) {
                throw new IIOException(warning);
            }
        }
    }

    /**
     * Interpolates the rows of components that are stored at half the height and the full width, as libjpeg-turbo does;
     * the JDK's libjpeg repeats them. Such pictures come from cameras, turned by a quarter.
     */
    private static void smooth(WritableRaster raster, List<JpegMarkers.Component> components) {
        int widest = components.stream().mapToInt(JpegMarkers.Component::horizontal).max().orElse(1);
        int highest = components.stream().mapToInt(JpegMarkers.Component::vertical).max().orElse(1);
        for (int band = 0; band < Math.min(components.size(), raster.getNumBands()); band++) {
            if (components.get(band).horizontal() == widest && 2 * components.get(band).vertical() == highest) {
                smooth(raster, band);
            }
        }
    }

    private static void smooth(WritableRaster raster, int band) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int[] above = raster.getSamples(0, 0, width, 1, band, (int[]) null);
        for (int y = 0; y < height; y += 2) {
            int[] row = raster.getSamples(0, y, width, 1, band, (int[]) null);
            int[] below = raster.getSamples(0, y + 2 < height ? y + 2 : y, width, 1, band, (int[]) null);
            for (int x = 0; x < width; x++) {
                raster.setSample(x, y, band, 3 * row[x] + above[x] + 1 >> 2);
                if (y + 1 < height) {
                    raster.setSample(x, y + 1, band, 3 * row[x] + below[x] + 2 >> 2);
                }
            }
            above = row;
        }
    }

    private static Samples.PixelReader pixels(Raster raster, JpegMarkers markers) {
        return switch (raster.getNumBands()) {
            case 1 -> (x, y, pixel) -> Samples.grey(raster.getSample(x, y, 0), pixel);
            case 3 -> {
                boolean rgb = isRgb(markers);
                yield (x, y, pixel) -> {
                    raster.getPixel(x, y, pixel);
                    if (!rgb) {
                        Colours.fromYcc(pixel);
                    }
                };
            }
            case 4 -> {
                boolean ycck = markers.adobe() > ADOBE_NO_TRANSFORM;
                yield (x, y, pixel) -> {
                    raster.getPixel(x, y, pixel);
                    inks(pixel, ycck);
                    Colours.fromCmyk(pixel);
                };
            }
            default -> throw new ModelException("it is a JPEG with " + raster.getNumBands()
                    + " components, which is not supported; 1, 3 and 4 are");
        };
    }

    private static boolean isRgb(JpegMarkers markers) {
        if (markers.jfif()) {
            return false;
        }
        return markers.adobe() == JpegMarkers.NONE ? markers.components().stream().map(JpegMarkers.Component::identifier).toList().equals(RGB_IDENTIFIERS)
                : markers.adobe() == ADOBE_NO_TRANSFORM;
    }

    /** CMYK is stored inverted, with or without Adobe's marker; what comes out of YCCK is not, except for black. */
    private static void inks(int[] pixel, boolean ycck) {
        if (ycck) {
            Colours.fromYcc(pixel);
        }
        for (int ink = ycck ? 3 : 0; ink < pixel.length; ink++) {
            pixel[ink] = MAXIMUM - pixel[ink];
        }
    }
}
