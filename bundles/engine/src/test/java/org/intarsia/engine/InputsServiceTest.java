package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Inputs;
import org.intarsia.engine.api.Inputs.Seen;
import org.intarsia.engine.api.Inputs.Turning;
import org.intarsia.engine.api.PictureFormat;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.vision.encoder.PreprocessorFactory;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models are handed, from files without weights. */
class InputsServiceTest {
    /** None of these tests names an installed model. */
    private static final Engine NO_ENGINE = null;

    @TempDir
    private Path folder;
    private InputsService inputs;

    @BeforeEach
    void start() {
        inputs = new InputsService(NO_ENGINE, new Workshop().withAllFamilies().registry);
        inputs.addPreprocessors(new PreprocessorFactory());
    }

    @Test
    void writesWhatAModelSees() throws IOException {
        Path janus = Workshop.FIXTURES.resolve("janus");
        Path config = Files.copy(janus.resolve("preprocessor_config.json"), folder.resolve("other.json"));
        Path picture = Files.copy(janus.resolve("input.png"), folder.resolve("a.b.png"));
        Path out = folder.resolve("out.safetensors");
        assertThat(inputs.preprocess(inputs.preprocessor(config), List.of(picture), Inputs.Turning.UPRIGHT, out)).containsExactly(new Seen("a.b", 24, 24));
        SortedMap<String, Tensor> written = Safetensors.read(out);
        assertThat(written).containsOnlyKeys("a.b.u8", "a.b.f32");
        assertThat(written.get("a.b.u8").type().encoding()).isEqualTo(Encoding.U8);
        assertThat(written.get("a.b.u8").shape()).isEqualTo(Shape.of(24, 24, 3));
        assertThat(Arrays.stream(written.get("a.b.u8").ints())).allMatch(level -> level >= 0 && level < 256)
                .anyMatch(level -> level > 127);
        float[] expected = Safetensors.read(janus.resolve("golden.safetensors")).get("pixel_values").floats();
        assertThat(written.get("a.b.f32").floats()).containsExactly(expected);
    }

    @Test
    void turnsPicturesAsCamerasSayUnlessAskedNotTo() throws IOException {
        PicturePreprocessor preprocessor = inputs.preprocessor(Workshop.FIXTURES.resolve("emu3/preprocessor_config.json"));
        byte[] jpeg = PictureFormat.JPEG.encode(new Image(64, 32, new byte[3 * 64 * 32]), Optional.empty());
        // EXIF behind the start marker: a TIFF header, and orientation 6.
        byte[] exif = HexFormat.of().parseHex("ffe10022457869660000" + "49492a0008000000" + "0100" + "120103000100000006000000"
                + "00000000");
        ByteBuffer turned = ByteBuffer.allocate(jpeg.length + exif.length).put(jpeg, 0, 2).put(exif).put(jpeg, 2, jpeg.length - 2);
        Path picture = Files.write(folder.resolve("a.jpg"), turned.array());
        Path out = folder.resolve("out.safetensors");
        Seen upright = inputs.preprocess(preprocessor, List.of(picture), Inputs.Turning.UPRIGHT, out).getFirst();
        assertThat(upright.height()).isGreaterThan(upright.width());
        Seen stored = inputs.preprocess(preprocessor, List.of(picture), Inputs.Turning.AS_STORED, out).getFirst();
        assertThat(stored.height()).isLessThan(stored.width());
    }

    @Test
    void refusesTwoPicturesOfOneName() throws IOException {
        Path config = Workshop.FIXTURES.resolve("emu3/preprocessor_config.json");
        Path png = Files.copy(Workshop.FIXTURES.resolve("emu3/input.png"), folder.resolve("a.png"));
        Path other = Files.copy(png, folder.resolve("a.bmp"));
        Path out = folder.resolve("out.safetensors");
        assertThatThrownBy(() -> inputs.preprocess(inputs.preprocessor(config), List.of(png, other), Inputs.Turning.UPRIGHT, out))
                .isInstanceOf(ModelException.class)
                .hasMessage("two of the pictures are called 'a', which names their values; rename one");
        assertThat(out).doesNotExist();
    }

    @Test
    void takesTheFileThatWasNamedAndNotTheOneBesideIt() throws IOException {
        Files.copy(Workshop.FIXTURES.resolve("janus/tokenizer.json"), folder.resolve("tokenizer.json"));
        Path named = Files.copy(Workshop.FIXTURES.resolve("emu3/tokenizer.json"), folder.resolve("emu3.json"));
        try (Tokenizer tokenizer = inputs.tokenizer(named)) {
            assertThat(tokenizer.id("<|image token|>")).hasValue(353);
        }
    }

    @Test
    void asksTheConfigurationBesideWhereAFileDoesNotSayItsKind() throws IOException {
        Path config = Files.writeString(folder.resolve("preprocessor_config.json"), "{}");
        assertThatThrownBy(() -> inputs.preprocessor(config)).isInstanceOf(ModelException.class)
                .hasMessage(config + " cannot be used: preprocessor_config.json does not say its image_processor_type");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"emu3\"}");
        assertThat(inputs.preprocessor(config)).isNotNull();
    }

    @Test
    void takesAFileOfTransformers5WhateverItIsCalledAndWhateverLiesBesideIt() throws IOException {
        Path janus = Workshop.FIXTURES.resolve("janus");
        Path nested = Files.writeString(folder.resolve("mine.json"),
                "{\"image_processor\": " + Files.readString(janus.resolve("preprocessor_config.json")) + "}");
        Path plain = Files.copy(janus.resolve("preprocessor_config.json"), folder.resolve("plain.json"));
        Files.writeString(folder.resolve("preprocessor_config.json"), "{}");
        Files.writeString(folder.resolve("processor_config.json"), "{\"image_processor\": {}}");
        for (Path config : List.of(nested, plain)) {
            assertThat(inputs.preprocess(inputs.preprocessor(config), List.of(janus.resolve("input.png")), Turning.UPRIGHT,
                    folder.resolve("out.safetensors"))).containsExactly(new Seen("input", 24, 24));
        }
    }

    @Test
    void saysWhatIsMissing() {
        Path nowhere = folder.resolve("none.json");
        assertThatThrownBy(() -> inputs.preprocessor(nowhere)).isInstanceOf(ModelException.class)
                .hasMessage("there is no file '" + nowhere + "'");
        Path config = Workshop.FIXTURES.resolve("emu3/preprocessor_config.json");
        assertThatThrownBy(() -> new InputsService(NO_ENGINE, new Workshop().withAllFamilies().registry).preprocessor(config))
                .isInstanceOf(ModelException.class)
                .hasMessage("start or install the bundle org.intarsia.vision.encoder, which this needs");
    }
}
