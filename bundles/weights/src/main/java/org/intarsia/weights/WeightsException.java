package org.intarsia.weights;

/** A checkpoint that cannot be read, written or used; the message says what was wrong and what mends it. */
public class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WeightsException(String message) {
        super(message);
    }

    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
