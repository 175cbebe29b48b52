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
import java.util.List;
import java.util.Map;
import org.intarsia.fixtures.Fixture;
import org.intarsia.fixtures.InventedModel;
import org.intarsia.io.Sha256;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.blocks.PictureFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the families see of pictures of all kinds and sizes against the references, byte by byte and bit by bit. */
class PreprocessorFactoryTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/preprocess");

    private static JsonNode golden() throws IOException {
        return new ObjectMapper().readTree(FIXTURES.resolve("golden.json").toFile());
    }

    static List<JsonNode> cases(String family) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        golden().path(family).forEach(cases::add);
        return cases;
    }

    static List<JsonNode> janus() throws IOException {
        return cases("janus");
    }

    static List<JsonNode> emu3() throws IOException {
        return cases("emu3");
    }

    static List<JsonNode> sizes() throws IOException {
        return cases("sizes");
    }

    @ParameterizedTest
    @MethodSource
    void janus(JsonNode expected) throws IOException {
        PicturePreprocessor preprocessor = create("""
                {"image_processor_type": "JanusImageProcessor", "size": {"height": %1$d, "width": %1$d}, "min_size": %2$d,
                 "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}"""
                .formatted(expected.path("size").intValue(), expected.path("min_size").intValue()));
        Image seen = preprocessor.fit(picture(expected));
        // Where the two references differ, the authors' own code counts; it left no numbers behind.
        JsonNode original = expected.path("original");
        assertThat(sha256(seen.rgb())).isEqualTo(original.path("u8_sha256").asText());
        if (original.path("same_as_processor").asBoolean()) {
            assertThat(sha256(bytes(preprocessor.pixels(seen)))).isEqualTo(expected.path("f32_sha256").asText());
        }
    }

    @ParameterizedTest
    @MethodSource
    void emu3(JsonNode expected) throws IOException {
        PicturePreprocessor preprocessor = create("""
                {"image_processor_type": "Emu3ImageProcessor", "spatial_factor": %d, "min_pixels": %d, "max_pixels": %d,
                 "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""".formatted(
                expected.path("spatial_factor").intValue(), expected.path("min_pixels").intValue(),
                expected.path("max_pixels").intValue()));
        Image seen = preprocessor.fit(picture(expected));
        assertThat(sha256(seen.rgb())).isEqualTo(expected.path("u8_sha256").asText());
        assertThat(sha256(bytes(preprocessor.pixels(seen)))).isEqualTo(expected.path("f32_sha256").asText());
    }

    @Test
    void picturesTooLargeForAnyMemoryAreRefused() {
        assertThatThrownBy(() -> create("{\"image_processor_type\": \"JanusImageProcessor\", \"image_size\": 100000}"))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("cannot be used: image_size should be at most 2048, not 100000");
        assertThatThrownBy(() -> create("{\"image_processor_type\": \"Emu3ImageProcessor\", \"min_pixels\": 2147483647,"
                + " \"max_pixels\": 2147483647, \"spatial_factor\": 65536}")).isInstanceOf(ModelException.class)
                .hasMessageEndingWith("cannot be used: spatial_factor should be at most 256, not 65536;"
                        + " min_pixels should be at most 16777216, not 2147483647");
        assertThatThrownBy(() -> create("{\"image_processor_type\": \"ChameleonImageProcessor\","
                + " \"size\": {\"shortest_edge\": 512}, \"crop_size\": {\"height\": 512, \"width\": 65536}}"))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("cannot be used: crop_size.width should be at most 2048, not 65536");
    }

    @ParameterizedTest
    @MethodSource
    void sizes(JsonNode expected) {
        int height = expected.path("h").intValue();
        int width = expected.path("w").intValue();
        JanusPreprocessor janus = JanusPreprocessor.read(model("{\"image_size\": 384}"));
        int longer = Math.max(height, width);
        assertThat(List.of(janus.resized(height, longer), janus.resized(width, longer)))
                .isEqualTo(list(expected.path("janus_384_original_hw")));
        if (expected.has("emu3_f8_default_hw")) {
            assertThat(emu3Size(512 * 512, 1024 * 1024, height, width)).isEqualTo(list(expected.path("emu3_f8_default_hw")));
            assertThat(emu3Size(256, 4096 * 4096, height, width)).isEqualTo(list(expected.path("emu3_f8_small_hw")));
        }
    }

    @Test
    void emu3RefusesThreads() {
        assertThatThrownBy(() -> create("{}").fit(new Image(2001, 10, new byte[3 * 2001 * 10])))
                .isInstanceOf(ModelException.class).hasMessage("the picture of 2001 × 10 pixels is too long: Emu3 takes"
                        + " pictures up to 200 times as long as wide, so cut it");
    }

    private static List<Integer> emu3Size(int least, int most, int height, int width) {
        Scaling scaling = new Scaling(1, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        BoundedPreprocessor.Size size = new BoundedPreprocessor("Emu3", 8, least, most, true, Resampling.BICUBIC, scaling)
                .size(height, width);
        return List.of(size.height(), size.width());
    }

    private static List<Integer> list(JsonNode pair) {
        return List.of(pair.get(0).intValue(), pair.get(1).intValue());
    }

    @ParameterizedTest
    @CsvSource({"VLMImageProcessor", "JanusImageProcessorFast", "ChameleonImageProcessor", "Emu3VisionVQImageProcessor"})
    void knowsTheNamesOfAuthorsAndOfTransformers(String type) {
        assertThat(new PreprocessorFactory().refuses(model("{\"image_processor_type\": \"" + type + "\"}"))).isEmpty();
    }

    @Test
    void emu3sAuthorsHaveDefaultsOfTheirOwn() {
        Image white = new Image(1, 1, new byte[] {-1, -1, -1});
        assertThat(create("{\"image_processor_type\": \"Emu3VisionVQImageProcessor\"}").pixels(white)).containsOnly(1);
        assertThat(create("{\"image_processor_type\": \"Emu3ImageProcessor\"}").pixels(white)).doesNotContain(1);
    }

    @Test
    void asksTheFamilyWhereTheFileDoesNotSayIt() {
        assertThat(new PreprocessorFactory().create(model("{}"))).isInstanceOf(BoundedPreprocessor.class);
    }

    /** transformers 5 keeps them inside processor_config.json, which counts first. */
    @ParameterizedTest
    @ValueSource(strings = {"chameleon-7b", "janus", "emu3"})
    void findsTheSettingsOfTransformers5(String name) throws IOException {
        try (Fixture fixture = Fixture.open(name)) {
            String config = fixture.json("config.json").orElseThrow();
            String settings = fixture.json("preprocessor_config.json").orElseThrow();
            String nested = "{\"processor_class\": \"Any\", \"image_processor\": " + settings + "}";
            Image picture = PictureFile.read(fixture.directory().resolve("input.png"));
            float[] expected = seen(Map.of("config.json", config, "preprocessor_config.json", settings), picture);
            assertThat(seen(Map.of("config.json", config, "processor_config.json", nested), picture)).containsExactly(expected);
            assertThat(seen(Map.of("config.json", config, "processor_config.json", nested, "preprocessor_config.json",
                    settings.replace("\"do_rescale\": true", "\"do_rescale\": false")), picture)).containsExactly(expected);
        }
    }

    private static float[] seen(Map<String, String> files, Image picture) {
        PicturePreprocessor preprocessor = new PreprocessorFactory().create(new InventedModel(files));
        return preprocessor.pixels(preprocessor.fit(picture));
    }

    @Test
    void saysWhichKindsItKnows() {
        assertThat(new PreprocessorFactory().refuses(model("{\"image_processor_type\": \"CLIPImageProcessor\"}")))
                .contains("image_processor_type is 'CLIPImageProcessor', not one of ChameleonImageProcessor,"
                        + " Emu3ImageProcessor, Emu3VisionVQImageProcessor, JanusImageProcessor, LiquidImageProcessor,"
                        + " Qwen2VLImageProcessor, Qwen2_5_VLImageProcessor, VLMImageProcessor");
    }

    /** Bounds under their older names win, as in transformers; its implementations of one processor are told apart by suffixes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'Qwen2VLImageProcessor' | 'min_pixels': 3136, 'max_pixels': 12544 | 112 | 112",
        "'Qwen2VLImageProcessorFast' | 'size': {'shortest_edge': 3136, 'longest_edge': 12544} | 112 | 112",
        "'Qwen2VLImageProcessorPil' | 'min_pixels': 12544, 'size': {'shortest_edge': 1, 'longest_edge': 50176} | 224 | 224",
        "'Qwen2_5_VLImageProcessor' | 'merge_size': 3, 'patch_size': 10 | 990 | 990",
        "'Qwen2VLImageProcessor' | 'do_resize': true | 980 | 980"})
    void readsTheBoundsOfQwen(String kind, String settings, int height, int width) {
        PicturePreprocessor preprocessor = create(("{'image_processor_type': " + kind + ", " + settings + "}").replace('\'', '"'));
        Image fitted = preprocessor.fit(new Image(1003, 1003, new byte[3 * 1003 * 1003]));
        assertThat(fitted.height() + " × " + fitted.width()).isEqualTo(height + " × " + width);
    }

    private static PicturePreprocessor create(String config) {
        return new PreprocessorFactory().create(model(config));
    }

    private static InventedModel model(String config) {
        return new InventedModel(Map.of("config.json", "{\"model_type\": \"emu3\"}", "preprocessor_config.json", config));
    }

    private static Image picture(JsonNode expected) throws IOException {
        return PictureFile.read(FIXTURES.resolve(expected.path("image").asText() + ".png"));
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
