package org.intarsia.remote.api;

/** A host could not do what was asked; the message says in one sentence why, and what mends it. */
public final class HostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message the sentence */
    public HostException(String message) {
        super(message);
    }

    /** @param message the sentence */
    public HostException(String message, Throwable cause) {
        super(message, cause);
    }
}
