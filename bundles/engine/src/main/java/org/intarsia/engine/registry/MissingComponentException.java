package org.intarsia.engine.registry;

import java.util.Optional;
import org.intarsia.engine.api.Missing;

/** No component of some kind can serve a model at the moment: there is none, or one has left. */
public final class MissingComponentException extends RefusedModelException implements Missing {
    private static final long serialVersionUID = 1L;

    private final String departed;

    /**
     * Makes the exception.
     *
     * @param message  the sentence for the user
     * @param departed says in a clause what has left; empty where nothing has
     */
    public MissingComponentException(String message, Optional<String> departed) {
        super(message);
        this.departed = departed.orElse(null);
    }

    @Override
    public Optional<String> departed() {
        return Optional.ofNullable(departed);
    }
}
