package org.intarsia.backend.api;

/** A device that cannot do what was asked; the message is one sentence that says what was wrong and what mends it. */
public class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackendException(String message) {
        super(message);
    }

    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
