package org.intarsia.training.api;

/** A training that cannot begin or go on; one sentence that says what was wrong and what mends it. */
public class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TrainingException(String message) {
        super(message);
    }

    public TrainingException(String message, Throwable cause) {
        super(message, cause);
    }
}
