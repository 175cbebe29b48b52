package org.intarsia.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again, also by others. */
class PictureFilesTest {
    @TempDir
    Path folder;

    private static Image noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        new Random(1).nextBytes(rgb);
        return new Image(width, height, rgb);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Image image = noise(13, 7);
        Path file = folder.resolve("noise.png");
        PictureFiles.write(file, image);
        assertThat(PictureFiles.read(file)).isEqualTo(image);
    }

    @Test
    void othersReadWhatIsWritten() throws IOException {
        Image image = noise(5, 3);
        Path file = folder.resolve("noise.png");
        PictureFiles.write(file, image);
        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getRGB(4, 2) & 0xFF).isEqualTo(image.rgb()[44] & 0xFF);
        assertThat(read.getRGB(0, 1) >> 16 & 0xFF).isEqualTo(image.rgb()[15] & 0xFF);
    }

    @Test
    void equalPicturesGiveEqualBytesAndReplaceWhatWasThere() throws IOException {
        Path one = folder.resolve("one.png");
        Path two = Files.writeString(folder.resolve("two.png"), "something else");
        PictureFiles.write(one, noise(20, 20));
        PictureFiles.write(two, noise(20, 20));
        assertThat(Files.readAllBytes(two)).isEqualTo(Files.readAllBytes(one));
    }

    @Test
    void aRecordTravelsWithThePicture() throws IOException {
        Path file = folder.resolve("noise.png");
        String record = "{\"text\":\"ein Bär, 熊\"}";
        PictureFiles.write(file, PictureFiles.png(noise(9, 9), Optional.of(record)));
        assertThat(PictureFiles.record(file)).contains(record);
        assertThat(PictureFiles.read(file)).isEqualTo(noise(9, 9));
        // Another reader of PNG finds it, too.
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
            reader.setInput(in);
            IIOMetadataNode text = (IIOMetadataNode) ((IIOMetadataNode) reader.getImageMetadata(0)
                    .getAsTree("javax_imageio_png_1.0")).getElementsByTagName("iTXtEntry").item(0);
            assertThat(text.getAttribute("keyword")).isEqualTo("Intarsia");
            assertThat(text.getAttribute("text")).isEqualTo(record);
        }
        PictureFiles.write(file, noise(9, 9));
        assertThat(PictureFiles.record(file)).isEmpty();
    }

    @Test
    void filesThatAreNoWholePngAreOneSentence() throws IOException {
        byte[] png = PictureFiles.png(noise(9, 9), Optional.of("record"));
        Path file = folder.resolve("broken.png");
        Files.writeString(file, "no picture");
        assertThatThrownBy(() -> PictureFiles.record(file)).isInstanceOf(ModelException.class).hasMessage(file + " is neither PNG nor JPEG");
        Files.write(file, Arrays.copyOf(png, 40));
        assertThatThrownBy(() -> PictureFiles.record(file)).hasMessageStartingWith(file + " is damaged");
        // The length of the first chunk is beyond the file.
        byte[] hostile = png.clone();
        hostile[8] = 0x7F;
        Files.write(file, hostile);
        assertThatThrownBy(() -> PictureFiles.record(file)).hasMessageStartingWith(file + " is damaged");
        byte[] changed = png.clone();
        changed[60]++;
        Files.write(file, changed);
        assertThatThrownBy(() -> PictureFiles.record(file)).hasMessageStartingWith(file + " is damaged");
        assertThatThrownBy(() -> PictureFiles.record(folder.resolve("none.png"))).hasMessageEndingWith("there is no such file");
    }

    /** Colours that change from pixel to pixel, but not wildly. */
    private static Image gradient() {
        byte[] rgb = new byte[3 * 40 * 24];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            rgb[i] = (byte) (i % 3 == 0 ? 6 * (pixel % 40) : i % 3 == 1 ? 10 * (pixel / 40) : pixel % 2 * 200);
        }
        return new Image(40, 24, rgb);
    }

    @Test
    void theEndingOfANameChoosesTheFormat() throws IOException {
        for (String name : List.of("a.jpg", "a.JPEG", "a.png", "a.PNG", "a", ".a")) {
            PictureFiles.write(folder.resolve(name), gradient());
            byte[] content = Files.readAllBytes(folder.resolve(name));
            boolean jpeg = name.toLowerCase(Locale.ROOT).contains(".jp");
            assertThat(content).startsWith(jpeg ? new byte[] {-1, -40, -1} : new byte[] {-119, 'P', 'N', 'G'});
            assertThat(PictureFiles.format(folder.resolve(name))).isEqualTo(jpeg ? PictureFormat.JPEG : PictureFormat.PNG);
        }
        for (String name : List.of("a.webp", "a.gif", "a.jpg.txt", "a.")) {
            Path file = folder.resolve(name);
            assertThatThrownBy(() -> PictureFiles.check(file)).isInstanceOf(ModelException.class).hasMessage(file
                    + " cannot be written: pictures are written as PNG or JPEG; end the name with .png or .jpg");
            assertThatThrownBy(() -> PictureFiles.write(file, gradient())).isInstanceOf(ModelException.class);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void jpegKeepsColoursOfSinglePixels() {
        Image read = PictureFiles.read(PictureFormat.JPEG.encode(gradient(), Optional.empty()));
        int most = 0;
        for (int i = 0; i < read.rgb().length; i++) {
            most = Math.max(most, Math.abs((read.rgb()[i] & 0xFF) - (gradient().rgb()[i] & 0xFF)));
        }
        // With colours at half the size, blue would be off by 100.
        assertThat(most).isBetween(1, 30);
    }

    @Test
    void aRecordTravelsWithAJpeg() throws IOException {
        Path file = folder.resolve("a.jpg");
        // Longer than one segment; a character stands across the border of two.
        String record = "{\"text\":\"" + "熊".repeat(50_000) + "\"}";
        PictureFiles.write(file, gradient(), Optional.of(record));
        assertThat(PictureFiles.record(file)).contains(record);
        assertThat(PictureFiles.read(file)).isEqualTo(PictureFiles.read(PictureFormat.JPEG.encode(gradient(), Optional.empty())));
        assertThat(ImageIO.read(file.toFile())).isNotNull();
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, 70_000));
        assertThatThrownBy(() -> PictureFiles.record(file)).hasMessageStartingWith(file + " is damaged");
        PictureFiles.write(file, gradient());
        assertThat(PictureFiles.record(file)).isEmpty();
    }
}
