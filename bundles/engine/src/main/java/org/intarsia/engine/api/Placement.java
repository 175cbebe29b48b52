package org.intarsia.engine.api;

import java.util.Optional;

/**
 * Where a model shall run.
 *
 * @param backend the name of a backend; empty for the best that is there, whichever that is at the time
 * @param device  the name of one of its devices; empty for its best
 */
public record Placement(Optional<String> backend, Optional<String> device) {

    /** Wherever there is room. */
    public static final Placement ANYWHERE = new Placement(Optional.empty(), Optional.empty());

    /** On the best device of the backend of that name, or anywhere where none is named. */
    public static Placement on(Optional<String> backend) {
        return new Placement(backend, Optional.empty());
    }
}
