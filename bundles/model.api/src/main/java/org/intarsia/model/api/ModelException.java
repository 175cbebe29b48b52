package org.intarsia.model.api;

/** A model or component that cannot do what was asked; one sentence that says what was wrong and what mends it. */
public class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
