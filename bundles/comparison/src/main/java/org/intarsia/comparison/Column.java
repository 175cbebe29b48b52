package org.intarsia.comparison;

import java.util.Optional;
import org.intarsia.engine.api.Placement;

/**
 * A model, and where it runs.
 *
 * @param model   the name of an installed model, or the path of a directory
 * @param backend the name of a backend; empty for the best that is there
 */
public record Column(String model, Optional<String> backend) {

    Placement placement() {
        return Placement.on(backend);
    }

    /** What people call it. */
    String title() {
        return model.substring(model.lastIndexOf('/') + 1) + backend.map(name -> " on " + name).orElse("");
    }
}
