package org.intarsia.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.image.decoder.Emu3DecoderFactory;
import org.intarsia.image.decoder.JanusDecoderFactory;
import org.intarsia.model.adapters.Adapter;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PicturePreprocessor;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.PictureFile;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.transformer.core.Emu3CoreFactory;
import org.intarsia.transformer.core.Gemma2CoreFactory;
import org.intarsia.transformer.core.Gemma3CoreFactory;
import org.intarsia.transformer.core.JanusCoreFactory;
import org.intarsia.transformer.core.LiquidCoreFactory;
import org.intarsia.transformer.core.LlamaCoreFactory;
import org.intarsia.transformer.core.MistralCoreFactory;
import org.intarsia.transformer.core.Qwen25VlCoreFactory;
import org.intarsia.transformer.core.Qwen2CoreFactory;
import org.intarsia.transformer.core.Qwen3CoreFactory;
import org.intarsia.vision.encoder.ChameleonEncoderFactory;
import org.intarsia.vision.encoder.Emu3EncoderFactory;
import org.intarsia.vision.encoder.JanusEncoderFactory;
import org.intarsia.vision.encoder.PreprocessorFactory;
import org.intarsia.vision.encoder.Qwen25VlTowerFactory;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;

/**
 * What is tried with broken input. To add one: a constant, a case of {@link #run}, and inputs to begin with in
 * {@link Seeds}. Where an input's first byte is even the rest is the file itself; where it is odd, changes to a good one.
 */
enum Target {
    /** A safetensors file, or its header with a length that fits. */
    SAFETENSORS,
    /** The index of a sharded checkpoint. */
    INDEX,
    /** A GGUF file, and what its metadata says. */
    GGUF,
    /** {@code config.json}, through the components of all families. */
    CONFIG,
    /** {@code tokenizer.json}: tokens of a text, and back. */
    TOKENIZER,
    /** {@code preprocessor_config.json}, and a picture that is prepared by it. */
    PREPROCESSOR,
    /** {@code adapter_config.json}, beside good tensors. */
    ADAPTER,
    /** A picture file of any kind. */
    PICTURE,
    /** The record inside a PNG, with the sums of its chunks made right, or inside a JPEG. */
    RECORD;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = folder();
    static final Path TREE = Path.of(System.getProperty("fuzz.tree"));
    private static final List<JsonNode> CONFIGS = documents("bundles/transformer.core/src/test/resources/fixtures", "config.json");
    private static final List<JsonNode> PREPROCESSORS = documents("bundles/transformer.core/src/test/resources/fixtures",
            "preprocessor_config.json");
    private static final List<JsonNode> TOKENIZERS = documents("bundles/tokenizer/src/test/resources/tokenizers",
            "tokenizer.json");
    private static final List<JsonNode> ADAPTERS = documents("bundles/engine/src/test/resources/adapters", Adapter.CONFIG);
    private static final List<ComponentFactory<?>> FACTORIES = List.of(new ChameleonCoreFactory(), new Emu3CoreFactory(),
            new JanusCoreFactory(), new LlamaCoreFactory(), new Qwen2CoreFactory(), new Qwen3CoreFactory(), new MistralCoreFactory(),
            new Gemma2CoreFactory(), new Gemma3CoreFactory(), new Qwen25VlCoreFactory(), new LiquidCoreFactory(),
            new Qwen25VlTowerFactory(), new ChameleonEncoderFactory(), new Emu3EncoderFactory(),
            new JanusEncoderFactory(), new ChameleonDecoderFactory(), new Emu3DecoderFactory(), new JanusDecoderFactory());
    private static final Weights NONE = Weights.of(List.of());
    private static final Image GIVEN = new Image(24, 12, new byte[3 * 24 * 12]);

    private static Path folder() {
        try {
            return Files.createTempDirectory("intarsia-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> documents(String below, String name) {
        try (Stream<Path> files = Files.walk(TREE.resolve(below))) {
            List<JsonNode> documents = new ArrayList<>();
            for (Path file : files.filter(file -> file.endsWith(name)).sorted().toList()) {
                documents.add(JSON.readTree(file.toFile()));
            }
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries one input. What it throws is of a type that callers expect, or a finding. */
    void run(ByteBuffer input) {
        boolean edited = input.hasRemaining() && (input.get() & 1) == 1;
        switch (this) {
            case SAFETENSORS -> checkpoint("model.safetensors", edited ? withLength(rest(input)) : rest(input));
            case INDEX -> {
                write("shard.safetensors", withLength("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
                        .getBytes(StandardCharsets.UTF_8)));
                checkpoint("model.safetensors.index.json", rest(input));
            }
            case GGUF -> checkpoint("model.gguf", rest(input));
            case CONFIG -> config(text(edited, CONFIGS, input));
            case TOKENIZER -> tokenizer(text(edited, TOKENIZERS, input));
            case PREPROCESSOR -> preprocessor(text(edited, PREPROCESSORS, input));
            case ADAPTER -> adapter(text(edited, ADAPTERS, input));
            case PICTURE -> PictureFile.read(write("picture", rest(input)));
            case RECORD -> PictureFiles.record(write("picture.png", withSums(rest(input))));
        }
    }

    private static String text(boolean edited, List<JsonNode> documents, ByteBuffer input) {
        if (!edited || !input.hasRemaining()) {
            return new String(rest(input), StandardCharsets.UTF_8);
        }
        return JsonEdits.apply(documents.get(Byte.toUnsignedInt(input.get()) % documents.size()), input);
    }

    private static byte[] rest(ByteBuffer input) {
        byte[] rest = new byte[input.remaining()];
        input.get(rest);
        return rest;
    }

    /** A fresh file each time: some file systems wait for the disk where a file is cut and written again. */
    private static Path write(String name, byte[] content) {
        Path file = FOLDER.resolve(name);
        try {
            Files.deleteIfExists(file);
            return Files.write(file, content, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkpoint(String name, byte[] content) {
        try (Weights weights = Checkpoint.open(write(name, content))) {
            weights.list();
            weights.metadata().text("general.architecture");
            for (String tensor : weights.names()) {
                weights.get(tensor);
            }
            weights.hash();
        }
    }

    /** A header with its length before it, and some bytes of tensors behind. */
    private static byte[] withLength(byte[] header) {
        return ByteBuffer.allocate(Long.BYTES + header.length + 64).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .put(header).array();
    }

    private static void config(String text) {
        Map<String, String> texts = Map.of("config.json", text);
        ConfigFile config = ConfigFile.read(new Broken("", texts, NONE), "config.json");
        String family = config.text("model_type", "llama");
        config.check();
        for (ComponentFactory<?> factory : FACTORIES) {
            attempt(() -> {
                try (Holes weights = new Holes()) {
                    ModelFiles files = new Broken(family, texts, weights);
                    if (factory.refuses(files).isEmpty()) {
                        factory.create(files);
                    }
                }
            });
        }
    }

    private static void adapter(String text) {
        Path folder = FOLDER.resolve("adapter");
        try {
            if (Files.notExists(folder)) {
                Files.createDirectory(folder);
                Files.copy(TREE.resolve("bundles/engine/src/test/resources/adapters/llama/plain").resolve(Adapter.FILE),
                        folder.resolve(Adapter.FILE));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write("adapter/" + Adapter.CONFIG, text.getBytes(StandardCharsets.UTF_8));
        try (Adapter adapter = Adapter.open(folder)) {
            adapter.hash();
        }
    }

    private static void tokenizer(String text) {
        try (Tokenizer tokenizer = new HuggingFaceTokenizerFactory().create(
                new Broken("llama", Map.of("tokenizer.json", text), NONE))) {
            int[] ids = tokenizer.encode("Ein roter Stern, 12345 <|x|> \ud83d\ude00\u0000", true);
            tokenizer.decode(ids, true);
            tokenizer.decode(new int[] {0, 1, 5, Integer.MAX_VALUE}, false);
            tokenizer.token(0);
            tokenizer.id("a");
        }
    }

    private static void preprocessor(String text) {
        PicturePreprocessor preprocessor = new PreprocessorFactory().create(
                new Broken("chameleon", Map.of("preprocessor_config.json", text), NONE));
        preprocessor.pixels(preprocessor.fit(GIVEN));
    }

    /** One of several attempts with the same input. */
    private static void attempt(Runnable attempt) {
        try {
            attempt.run();
        } catch (RuntimeException e) {
            if (!isExpected(e)) {
                throw e;
            }
        }
    }

    static boolean isExpected(RuntimeException e) {
        return e instanceof ModelException || e instanceof WeightsException;
    }

    /** The same chunks with right sums, as far as there are whole ones: else no change would ever be read. */
    private static byte[] withSums(byte[] png) {
        ByteBuffer chunks = ByteBuffer.wrap(png);
        int begin = 8;
        while (begin + 12 <= png.length) {
            int length = chunks.getInt(begin);
            if (length < 0 || length > png.length - begin - 12) {
                break;
            }
            CRC32 sum = new CRC32();
            sum.update(png, begin + 4, length + 4);
            chunks.putInt(begin + 8 + length, (int) sum.getValue());
            begin += 12 + length;
        }
        return png;
    }
}
