package org.intarsia.engine;

import org.intarsia.model.api.ModelException;

/** No component of some kind can serve a model at the moment. */
final class MissingComponentException extends ModelException implements Missing {
    private static final long serialVersionUID = 1L;

    private final boolean departed;

    MissingComponentException(String message, boolean departed) {
        super(message);
        this.departed = departed;
    }

    @Override
    public boolean departed() {
        return departed;
    }
}
