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
}
