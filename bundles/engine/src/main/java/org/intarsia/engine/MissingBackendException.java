package org.intarsia.engine;

import org.intarsia.backend.api.BackendException;

/** The backend that is wanted is not there at the moment. */
final class MissingBackendException extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Whether it was there before, so that it may come again. */
    final boolean departed;

    MissingBackendException(String message, boolean departed) {
        super(message);
        this.departed = departed;
    }
}
