package org.intarsia.engine.registry;

import java.util.Optional;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.Missing;

/** The backend that is wanted, or the hosts that would compute some layers, are not there at the moment. */
public final class MissingBackendException extends BackendException implements Missing {
    private static final long serialVersionUID = 1L;

    private final String departed;

    /**
     * Makes the exception.
     *
     * @param message  the sentence for the user
     * @param departed says in a clause what has left; empty where nothing has
     */
    public MissingBackendException(String message, Optional<String> departed) {
        super(message);
        this.departed = departed.orElse(null);
    }

    @Override
    public Optional<String> departed() {
        return Optional.ofNullable(departed);
    }
}
