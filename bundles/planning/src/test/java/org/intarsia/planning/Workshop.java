package org.intarsia.planning;

import java.nio.file.Path;
import java.util.List;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.transformer.core.ChameleonCoreFactory;
import org.intarsia.vision.encoder.ChameleonEncoderFactory;

/** The planner with the real components. */
final class Workshop {
    /** What the transformer's tests run. */
    static final Path FIXTURES = Path.of("../transformer.core/src/test/resources/fixtures");

    private Workshop() {
    }

    static PlannerService planner() {
        return new PlannerService(List.of(new ChameleonEncoderFactory()), List.of(new ChameleonCoreFactory()),
                List.of(new ChameleonDecoderFactory()));
    }
}
