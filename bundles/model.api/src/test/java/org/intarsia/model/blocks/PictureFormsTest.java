package org.intarsia.model.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small pictures of many forms, compared with what Pillow 12.3 makes of them: {@code NAME.rgba} in {@code pillow.zip} holds
 * width and height, four bytes each, and R, G, B and alpha of every pixel of
 * {@code ImageOps.exif_transpose(Image.open(NAME))}, converted to RGBA if it has transparency and is not in mode RGB, and to
 * RGB otherwise. A picture without such values must be refused.
 */
class PictureFormsTest {
    private static final Path FOLDER = folder();
    private static final String PILLOW = "pillow.zip";
    private static final String VALUES = ".rgba";

    /**
     * Little CMS interpolates in a table of 33 levels for each of L*, a* and b*, and is off by up to 34 at the edge of what
     * sRGB can show; the mean difference is 1.5.
     */
    private static final Map<String, Integer> TOLERANCES = Map.of("tiff-lab.tif", 34, "tiff-lab-lzw.tif", 34);

    private static Path folder() {
        try {
            return Path.of(PictureFormsTest.class.getResource("/pictures").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(boolean read) {
        try (Stream<Path> files = Files.list(FOLDER); ZipFile pillow = new ZipFile(FOLDER.resolve(PILLOW).toFile())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(PILLOW) && read == (pillow.getEntry(name + VALUES) != null)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> read() {
        return names(true);
    }

    static List<String> refused() {
        return names(false);
    }

    @ParameterizedTest
    @MethodSource("read")
    void hasTheColoursOfPillow(String name) throws IOException {
        ByteBuffer golden;
        try (ZipFile pillow = new ZipFile(FOLDER.resolve(PILLOW).toFile())) {
            golden = ByteBuffer.wrap(pillow.getInputStream(pillow.getEntry(name + VALUES)).readAllBytes());
        }
        Image image = PictureFile.read(FOLDER.resolve(name));
        assertThat(image.width()).isEqualTo(golden.getInt());
        assertThat(image.height()).isEqualTo(golden.getInt());
        int most = 0;
        long sum = 0;
        for (int i = 0; i < image.width() * image.height(); i++) {
            for (int colour = 0; colour < 3; colour++) {
                int difference = Math.abs((golden.get() & 0xFF) - (image.rgb()[3 * i + colour] & 0xFF));
                most = Math.max(most, difference);
                sum += difference;
            }
            assertThat(image.alpha().length == 0 ? -1 : image.alpha()[i]).as("alpha of pixel " + i).isEqualTo(golden.get());
        }
        assertThat(most).isLessThanOrEqualTo(TOLERANCES.getOrDefault(name, 0));
        assertThat(sum / (3.0 * image.width() * image.height())).isLessThanOrEqualTo(TOLERANCES.containsKey(name) ? 1.5 : 0);
    }

    /** Cut off, damaged, or of a kind that is not supported. */
    @ParameterizedTest
    @MethodSource("refused")
    void isRefused(String name) {
        assertThatThrownBy(() -> PictureFile.read(FOLDER.resolve(name))).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("the picture '" + FOLDER.resolve(name) + "' ").hasMessageNotContainingAny("\n", "null");
    }

    @Test
    void coversTheForms() {
        assertThat(read()).hasSizeGreaterThan(140);
        assertThat(refused()).contains("jpeg-cut.jpg", "gif-cut.gif", "png-cut.png", "tiff-cut.tif", "bmp-cut.bmp");
    }

    @Test
    void leavesPixelsAsTheyAreStoredOnRequest() {
        Image upright = PictureFile.read(FOLDER.resolve("jpeg-exif-1.jpg"));
        for (int orientation = 2; orientation <= 8; orientation++) {
            Path file = FOLDER.resolve("jpeg-exif-" + orientation + ".jpg");
            assertThat(PictureFile.readAsStored(file)).isEqualTo(upright);
            assertThat(PictureFile.read(file)).isNotEqualTo(upright);
        }
    }

    @Test
    void saysWhyAJpegIsRefused() {
        assertThatThrownBy(() -> PictureFile.read(FOLDER.resolve("jpeg-cut.jpg"))).hasMessageEndingWith(
                "is cut off: it ends in the middle; get the file again");
        assertThatThrownBy(() -> PictureFile.read(FOLDER.resolve("jpeg-arithmetic-claimed.jpg"))).hasMessageEndingWith(
                "it is a JPEG with arithmetic coding, which is not supported; save it as a baseline JPEG");
        assertThatThrownBy(() -> PictureFile.read(FOLDER)).hasMessage("'" + FOLDER
                + "' is a folder, not a picture; name a file in it");
    }
}
