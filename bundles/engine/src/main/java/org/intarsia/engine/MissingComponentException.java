package org.intarsia.engine;

import java.util.Optional;
import org.intarsia.engine.api.Missing;

/** No component of some kind can serve a model at the moment: there is none, or one has left. */
final class MissingComponentException extends RefusedModelException implements Missing {
    private static final long serialVersionUID = 1L;

    private final String departed;

    MissingComponentException(String message, Optional<String> departed) {
        super(message);
        this.departed = departed.orElse(null);
    }

    @Override
    public Optional<String> departed() {
        return Optional.ofNullable(departed);
    }
}
