package org.intarsia.planning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.transformer.core.LlamaCoreFactory;
import org.intarsia.vision.encoder.ChameleonEncoderFactory;
import org.intarsia.weights.Weights;

/** The planner with the real components. */
final class Workshop {
    /** What the transformer's tests run. */
    static final Path FIXTURES = Path.of("../transformer.core/src/test/resources/fixtures");

    private Workshop() {
    }

    static PlannerService planner() {
        return new PlannerService(List.of(new ChameleonEncoderFactory()),
                List.of(new ChameleonCoreFactory(), new LlamaCoreFactory()), List.of(new ChameleonDecoderFactory()));
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
