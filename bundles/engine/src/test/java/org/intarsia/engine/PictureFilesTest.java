package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.model.api.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again, also by others; grey and transparency mean what they mean to the references. */
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
    void greyKeepsItsValues() throws IOException {
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 100);
        assertThat(written(grey, "png").rgb()).containsExactly(100, 100, 100);
        assertThat(written(grey, "bmp").rgb()).containsExactly(100, 100, 100);
    }

    @Test
    void blackAndWhiteIsBlackAndWhite() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.setRGB(1, 0, 0xFFFFFF);
        assertThat(written(image, "png").rgb()).containsExactly(0, 0, 0, -1, -1, -1);
    }

    @Test
    void transparencyIsBlendedOnWhite() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00123456);
        image.setRGB(1, 0, 0x80FF0000);
        // 127/255 of white and 128/255 of red: 127 of green and blue.
        assertThat(written(image, "png").rgb()).containsExactly(-1, -1, -1, -1, 127, 127);
    }

    @Test
    void photographsAreRead() throws IOException {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().fillRect(0, 0, 16, 16);
        assertThat(written(image, "jpg").rgb()[100] & 0xFF).isGreaterThan(250);
    }

    private Image written(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return PictureFiles.read(file);
    }
}
