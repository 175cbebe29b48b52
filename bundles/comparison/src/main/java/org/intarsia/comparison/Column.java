package org.intarsia.comparison;

import java.util.Optional;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Placement;

/**
 * A model, where it runs, and how exactly.
 *
 * @param model     the name of an installed model, or the path of a directory
 * @param backend   the name of a backend; empty for the best that is there
 * @param precision how exactly it computes; empty for the model's usual way
 */
public record Column(String model, Optional<String> backend, Optional<Precision> precision) {

    Placement placement() {
        return new Placement(backend, Optional.empty(), precision);
    }

    /** What people call it. */
    String title() {
        return title(model, backend, precision.map(Precision::toString));
    }

    static String title(String model, Optional<String> backend, Optional<String> precision) {
        return model.substring(model.lastIndexOf('/') + 1) + backend.map(name -> " on " + name).orElse("")
                + precision.map(name -> ", " + name).orElse("");
    }
}
