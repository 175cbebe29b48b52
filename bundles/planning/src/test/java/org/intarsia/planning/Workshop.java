package org.intarsia.planning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.families.ChameleonFamily;
import org.intarsia.families.Emu3Family;
import org.intarsia.families.Gemma2Family;
import org.intarsia.families.Gemma3Family;
import org.intarsia.families.JanusFamily;
import org.intarsia.families.LiquidFamily;
import org.intarsia.families.LlamaFamily;
import org.intarsia.families.MistralFamily;
import org.intarsia.families.Qwen25VlFamily;
import org.intarsia.families.Qwen2Family;
import org.intarsia.families.Qwen3Family;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.image.decoder.Emu3DecoderFactory;
import org.intarsia.image.decoder.JanusDecoderFactory;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
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
import org.intarsia.vision.encoder.Qwen25VlTowerFactory;
import org.intarsia.weights.Weights;

/** The planner with the real components. */
final class Workshop {
    /** What the transformer's tests run. */
    static final Path FIXTURES = Path.of("../transformer.core/src/test/resources/fixtures");

    /** Those that come with the platform. */
    static final List<ModelFamily> FAMILIES = List.of(new ChameleonFamily(), new JanusFamily(), new Emu3Family(), new LlamaFamily(),
            new Qwen2Family(), new Qwen3Family(), new MistralFamily(), new Gemma2Family(), new Gemma3Family(),
            new Qwen25VlFamily(), new LiquidFamily());

    private Workshop() {
    }

    static PlannerService planner() {
        return new PlannerService(
                List.of(new ChameleonEncoderFactory(), new JanusEncoderFactory(), new Emu3EncoderFactory(),
                        new Qwen25VlTowerFactory()),
                List.of(new ChameleonCoreFactory(), new JanusCoreFactory(), new Emu3CoreFactory(), new LlamaCoreFactory(),
                        new Qwen2CoreFactory(), new Qwen3CoreFactory(), new MistralCoreFactory(), new Gemma2CoreFactory(),
                        new Gemma3CoreFactory(), new Qwen25VlCoreFactory(), new LiquidCoreFactory()),
                List.of(new ChameleonDecoderFactory(), new JanusDecoderFactory(), new Emu3DecoderFactory()), FAMILIES);
    }

    /** A model directory of the family that these tests run. */
    record Opened(Path directory, Weights weights) implements ModelFiles {
        @Override
        public String family() {
            return "chameleon";
        }

        @Override
        public Optional<String> json(String fileName) {
            try {
                Path file = directory.resolve(fileName);
                return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
