package org.intarsia.engine;

import org.intarsia.backend.api.BackendException;

/** The backend that is wanted is not there at the moment. */
final class MissingBackendException extends BackendException implements Missing {
    private static final long serialVersionUID = 1L;

    private final boolean departed;

    MissingBackendException(String message, boolean departed) {
        super(message);
        this.departed = departed;
    }

    @Override
    public boolean departed() {
        return departed;
    }
}
