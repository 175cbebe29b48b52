package org.intarsia.model.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsColoursAsTheyAre() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x010203);
        image.setRGB(1, 0, 0xFFFEFD);
        assertThat(read(image)).isEqualTo(new Image(2, 1, new byte[] {1, 2, 3, -1, -2, -3}));
    }

    @Test
    void readsGreyWithoutCorrectingIt() throws IOException {
        BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        byte[] expected = new byte[3 * 256];
        for (int level = 0; level < 256; level++) {
            image.getRaster().setSample(level, 0, 0, level);
            Arrays.fill(expected, 3 * level, 3 * level + 3, (byte) level);
        }
        assertThat(read(image)).isEqualTo(new Image(256, 1, expected));
    }

    @Test
    void cutsGreyOfSixteenBitsAsPillowDoes() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 0x12);
        image.getRaster().setSample(1, 0, 0, 0x100);
        assertThat(read(image)).isEqualTo(new Image(2, 1, new byte[] {0x12, 0x12, 0x12, -1, -1, -1}));
    }

    @Test
    void callsAPointerOfGitLfsSo(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("star.png"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        assertThatThrownBy(() -> PictureFile.read(file)).isInstanceOf(ModelException.class).hasMessageContaining("git lfs pull");
    }

    @Test
    void keepsWhatIsTransparentApart() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00123456);
        image.setRGB(1, 0, 0xFF123456);
        image.setRGB(2, 0, 0x80000000);
        Image read = read(image);
        assertThat(read).isEqualTo(new Image(3, 1, new byte[] {0x12, 0x34, 0x56, 0x12, 0x34, 0x56, 0, 0, 0},
                new byte[] {0, -1, -128}));
        assertThat(read.onWhite()).isEqualTo(
                new Image(3, 1, new byte[] {-1, -1, -1, 0x12, 0x34, 0x56, 127, 127, 127}));
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        assertThatThrownBy(() -> PictureFile.read(folder.resolve("none.png"))).isInstanceOf(ModelException.class)
                .hasMessageStartingWith("there is no picture file '");
        Path text = Files.writeString(folder.resolve("text.png"), "a red star");
        assertThatThrownBy(() -> PictureFile.read(text)).isInstanceOf(ModelException.class)
                .hasMessageEndingWith("is no picture that can be read; PNG, JPEG, GIF, BMP and TIFF can");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertThatThrownBy(() -> PictureFile.read(empty)).isInstanceOf(ModelException.class);
    }

    @ParameterizedTest
    @CsvSource({"52494646 1a000000 57454250, WebP", "0000001c 66747970 61766966, AVIF", "00000018 66747970 68656963, HEIC",
            "ff0afa7f 00000000 00000000, JPEG XL", "0000000c 6a502020 0d0a870a, JPEG 2000"})
    void namesFormatsThatAreNotRead(String head, String format) throws IOException {
        Path file = Files.write(folder.resolve("picture.png"), HexFormat.of().parseHex(head.replace(" ", "")));
        assertThatThrownBy(() -> PictureFile.read(file)).isInstanceOf(ModelException.class).hasMessage("the picture '" + file
                + "' is " + format + ", which cannot be read; save it as PNG or JPEG");
    }

    @Test
    void saysWhenAFileIsCutOff() throws IOException {
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int place = 0; place < 64 * 64; place++) {
            image.setRGB(place % 64, place / 64, place * 7919);
        }
        byte[] whole = Files.readAllBytes(write(image));
        for (int length : new int[] {20, 40, whole.length / 2}) {
            Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PictureFile.read(cut)).isInstanceOf(ModelException.class)
                    .hasMessage("the picture '" + cut + "' is cut off: it ends in the middle; get the file again");
        }
    }

    @Test
    void refusesAClaimOfTooManyPixelsBeforeItDecodesThem() throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(header);
        data.write("IHDR".getBytes(StandardCharsets.US_ASCII));
        data.writeInt(1 << 30);
        data.writeInt(1 << 30);
        data.write(new byte[] {8, 2, 0, 0, 0});
        CRC32 check = new CRC32();
        check.update(header.toByteArray());
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        DataOutputStream file = new DataOutputStream(png);
        file.writeLong(0x89504E470D0A1A0AL);
        file.writeInt(header.size() - 4);
        file.write(header.toByteArray());
        file.writeInt((int) check.getValue());
        file.writeInt(0);
        file.write("IDAT".getBytes(StandardCharsets.US_ASCII));
        file.writeInt(0x35AF061E);
        Path claim = Files.write(folder.resolve("claim.png"), png.toByteArray());
        assertThatThrownBy(() -> PictureFile.read(claim)).isInstanceOf(ModelException.class)
                .hasMessageContaining("has 1152921504606846976 pixels; at most 100000000 can be read");
    }

    @Test
    void aSmallFileClaimsNoMoreThanThisProcessHolds() throws Exception {
        Path claim = Files.write(folder.resolve("claim.gif"), gif(1500, 1500));
        assertThat(readWithin("-Xmx64m", claim)).matches("the picture '.*' cannot be read: it has 2250000 pixels; at most [12]\\d{6} can be read,"
                + " so make it smaller");
        assertThat(readWithin("-Xmx128m", claim)).isEqualTo("1500 × 1500");
    }

    /** A black picture of so many pixels. */
    private static byte[] gif(int width, int height) throws IOException {
        ByteArrayOutputStream gif = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY), "gif", gif);
        return gif.toByteArray();
    }

    /** What a Java process of this size says of a file. */
    private static String readWithin(String memory, Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), memory,
                "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"), Small.class.getName(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }

    /** Runs in a process of its own. */
    static final class Small {
        public static void main(String[] arguments) {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            try {
                Image image = PictureFile.read(Path.of(arguments[0]));
                out.print(image.width() + " × " + image.height());
            } catch (ModelException e) {
                out.print(e.getMessage());
            }
            out.flush();
        }
    }

    private Image read(BufferedImage image) throws IOException {
        return PictureFile.read(write(image));
    }

    private Path write(BufferedImage image) throws IOException {
        Path file = folder.resolve("picture.png");
        assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
        return file;
    }
}
