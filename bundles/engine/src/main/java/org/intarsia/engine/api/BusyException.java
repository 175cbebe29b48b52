package org.intarsia.engine.api;

import org.intarsia.model.api.ModelException;

/** A model has as much to do as it may have: asking again later helps. */
public final class BusyException extends ModelException {
    private static final long serialVersionUID = 1L;

    /** @param message says how much it has to do, and what helps */
    public BusyException(String message) {
        super(message);
    }
}
