package org.intarsia.engine.registry;

import org.intarsia.model.api.ModelException;

/** No component of some kind can serve a model: those that are there refuse it. */
public class RefusedModelException extends ModelException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message the sentence for the user
     */
    public RefusedModelException(String message) {
        super(message);
    }
}
