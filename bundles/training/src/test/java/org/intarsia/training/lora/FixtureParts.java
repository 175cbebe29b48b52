package org.intarsia.training.lora;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.blocks.Fields;
import org.intarsia.tokenizer.HuggingFaceTokenizerFactory;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.transformer.core.LlamaCoreFactory;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/** The parts of a fixture, without an engine and without pictures. */
final class FixtureParts implements ModelParts, AutoCloseable {
    private static final Path FIXTURES = Path.of("../transformer.core/src/test/resources/fixtures");

    private final Files files;
    private final Tokenizer tokenizer;

    private record Files(Path directory, Weights weights) implements ModelFiles {
        @Override
        public String family() {
            return Fields.read(json("config.json").orElseThrow(), "config.json").path("model_type").asText();
        }

        @Override
        public Optional<String> json(String fileName) {
            return Fields.text(directory.resolve(fileName));
        }
    }

    FixtureParts(String name) {
        Path directory = FIXTURES.resolve(name);
        files = new Files(directory, Checkpoint.open(directory));
        tokenizer = new HuggingFaceTokenizerFactory().create(files);
    }

    @Override
    public ModelFiles files() {
        return files;
    }

    @Override
    public TransformerCore core(Weights weights) {
        Files other = new Files(files.directory(), weights);
        return List.<ComponentFactory.OfTransformerCore>of(new LlamaCoreFactory(), new ChameleonCoreFactory()).stream()
                .filter(factory -> factory.refuses(other).isEmpty()).findFirst().orElseThrow().create(other);
    }

    @Override
    public Optional<PictureGrid> grid() {
        return Optional.empty();
    }

    @Override
    public String presentedName(String name) {
        return name;
    }

    @Override
    public String referenceName(String name) {
        return name;
    }

    @Override
    public int[] text(String text) {
        return tokenizer.encode(text, false);
    }

    @Override
    public PromptFormat.Template template() {
        int[] framed = tokenizer.encode("a", true);
        return new PromptFormat.Template(new int[] {framed[0]}, new int[0]);
    }

    @Override
    public PromptFormat.Codes codes(Image picture) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PromptFormat.Features features(Image picture) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        tokenizer.close();
        files.weights().close();
    }
}
