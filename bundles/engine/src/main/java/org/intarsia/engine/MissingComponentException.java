package org.intarsia.engine;

import org.intarsia.model.api.ModelException;

/** No component of some kind can serve a model at the moment. */
final class MissingComponentException extends ModelException {
    private static final long serialVersionUID = 1L;

    /** Whether one was there before, so that it may come again. */
    final boolean departed;

    MissingComponentException(String message, boolean departed) {
        super(message);
        this.departed = departed;
    }
}
