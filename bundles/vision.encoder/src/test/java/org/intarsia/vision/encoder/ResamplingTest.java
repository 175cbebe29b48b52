package org.intarsia.vision.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.intarsia.model.api.Image;
import org.intarsia.vision.encoder.Resampling.Span;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Resizing against Pillow, byte by byte. */
class ResamplingTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/preprocess");

    static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        new ObjectMapper().readTree(FIXTURES.resolve("golden.json").toFile()).path("resample").forEach(cases::add);
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheBytesOfPillow(JsonNode expected) {
        Resampling resampling = Resampling.valueOf(expected.path("filter").asText().toUpperCase(Locale.ROOT));
        Image resized = resampling.resize(picture("resample.input"), Span.whole(expected.path("width").intValue()),
                Span.whole(expected.path("height").intValue()));
        assertThat(resized).isEqualTo(picture(expected.path("tensor").asText()));
    }

    @ParameterizedTest
    @EnumSource
    void givesAPartAsItGivesTheWhole(Resampling resampling) {
        Image input = picture("resample.input");
        Image whole = resampling.resize(input, Span.whole(53), Span.whole(17));
        Image part = resampling.resize(input, new Span(53, 20, 11), new Span(17, 5, 4));
        for (int y = 0; y < 4; y++) {
            int from = 3 * (53 * (y + 5) + 20);
            assertThat(Arrays.copyOfRange(part.rgb(), 33 * y, 33 * (y + 1)))
                    .containsExactly(Arrays.copyOfRange(whole.rgb(), from, from + 33));
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesAPictureOfTheRightSizeAsItIs(Resampling resampling) {
        Image input = picture("resample.input");
        assertThat(resampling.resize(input, Span.whole(input.width()), Span.whole(input.height()))).isEqualTo(input);
    }

    @Test
    void takesTheNearestPixel() {
        Image row = new Image(4, 1, new byte[] {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4});
        assertThat(Resampling.NEAREST.resize(row, Span.whole(2), Span.whole(1)).rgb()).containsExactly(2, 2, 2, 4, 4, 4);
    }

    /** A tensor of bytes (height, width, 3). */
    private static Image picture(String name) {
        Tensor tensor = Safetensors.read(FIXTURES.resolve("golden.safetensors")).get(name);
        return new Image(Math.toIntExact(tensor.shape().size(1)), Math.toIntExact(tensor.shape().size(0)),
                tensor.content().toArray(ValueLayout.JAVA_BYTE));
    }
}
