package org.intarsia.vision.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.intarsia.fixtures.Fixture;
import org.intarsia.io.Sha256;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.PictureFile;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Preprocessing against the reference, byte by byte and bit by bit. */
class ChameleonPreprocessorTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/preprocess");

    static List<JsonNode> cases() throws IOException {
        JsonNode golden = new ObjectMapper().readTree(FIXTURES.resolve("golden.json").toFile());
        List<JsonNode> cases = new ArrayList<>();
        golden.path("chameleon").forEach(cases::add);
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheBytesAndNumbersOfTheReference(JsonNode expected) {
        int size = expected.path("size").intValue();
        ChameleonPreprocessor preprocessor = ChameleonPreprocessor.read(config(size, size, size), 16);
        Image image = PictureFile.read(FIXTURES.resolve(expected.path("image").asText() + ".png"));
        assertThat(sha256(preprocessor.fit(image).rgb())).isEqualTo(expected.path("u8_sha256").asText());
        assertThat(sha256(bytes(preprocessor.pixels(preprocessor.fit(image))))).isEqualTo(expected.path("f32_sha256").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "chameleon-30b"})
    void givesTheInputOfTheModelFixtures(String name) {
        try (Fixture fixture = Fixture.open(name)) {
            Image image = PictureFile.read(fixture.directory().resolve("input.png"));
            ChameleonPreprocessor preprocessor = ChameleonPreprocessor.read(fixture, 4);
            float[] actual = preprocessor.pixels(preprocessor.fit(image));
            assertThat(actual).containsExactly(fixture.floats("vq.pixel_values"));
        }
    }

    @Test
    void surroundsPicturesThatAreSmallerThanTheCropWithBlack() {
        byte[] white = new byte[3 * 3 * 2];
        Arrays.fill(white, (byte) 255);
        Image seen = ChameleonPreprocessor.read(config(2, 6, 6), 2).fit(new Image(3, 2, white));
        StringBuilder rows = new StringBuilder();
        for (int y = 0; y < 6; y++) {
            for (int x = 0; x < 6; x++) {
                rows.append(seen.rgb()[3 * (6 * y + x)] == 0 ? '.' : '#');
            }
            rows.append('\n');
        }
        assertThat(rows).hasToString("......\n......\n..###.\n..###.\n......\n......\n");
    }

    @Test
    void looksOnlyAtTheMiddleOfAVeryLongPicture() {
        Image thread = new Image(1_000_000, 1, new byte[3_000_000]);
        assertThat(ChameleonPreprocessor.read(config(512, 512, 512), 16).fit(thread).rgb()).hasSize(3 * 512 * 512);
    }

    @Test
    void edgesThatOverflowAreRefused() {
        Image picture = new Image(24, 12, new byte[3 * 24 * 12]);
        int longest = Integer.MAX_VALUE / 2;
        assertThat(ChameleonPreprocessor.read(config(longest, 2, 2), 1).fit(picture).rgb()).hasSize(3 * 2 * 2);
        assertThatThrownBy(() -> ChameleonPreprocessor.read(config(longest + 1, 2, 2), 1).fit(picture))
                .isInstanceOf(ModelException.class).hasMessage("the picture of 24 × 12 pixels is too long for its shorter edge"
                        + " to become 1073741824; cut it");
    }

    @Test
    void namesAllThatIsWrongWithItsFile() {
        ModelFiles files = files("""
                {"size": {}, "crop_size": {"height": 30, "width": -1}, "resample": 9, "image_mean": [1], "do_rescale": 1}""");
        assertThatThrownBy(() -> ChameleonPreprocessor.read(files, 4)).isInstanceOf(ModelException.class)
                .hasMessageContainingAll("size.shortest_edge is missing", "crop_size.width should be", "resample should be",
                        "image_mean should be three numbers", "do_rescale should be true or false");
    }

    private static ModelFiles config(int edge, int height, int width) {
        return files("""
                {"size": {"shortest_edge": %d}, "crop_size": {"height": %d, "width": %d}, "resample": 1,
                 "rescale_factor": 0.0078, "image_mean": [1.0, 1.0, 1.0], "image_std": [1.0, 1.0, 1.0]}"""
                .formatted(edge, height, width));
    }

    private static ModelFiles files(String preprocessor) {
        return new ModelFiles() {
            @Override
            public Path directory() {
                return Path.of("model");
            }

            @Override
            public String family() {
                return "chameleon";
            }

            @Override
            public Optional<String> json(String fileName) {
                return Optional.of(preprocessor).filter(text -> fileName.equals("preprocessor_config.json"));
            }

            @Override
            public Weights weights() {
                throw new AssertionError("preprocessing needs no weights");
            }
        };
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static String sha256(byte[] bytes) {
        MessageDigest digest = Sha256.digest();
        digest.update(bytes);
        return Sha256.hexadecimal(digest);
    }
}
