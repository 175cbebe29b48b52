package org.intarsia.engine;

import org.intarsia.model.api.ModelException;

/** No component of some kind can serve a model: those that are there refuse it. */
class RefusedModelException extends ModelException {
    private static final long serialVersionUID = 1L;

    RefusedModelException(String message) {
        super(message);
    }
}
