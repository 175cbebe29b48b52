package org.intarsia.shell.api;

/** Thrown where a command has failed and its result, which is printed already, says how. */
public final class FailedResult extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the failure in one sentence
     */
    public FailedResult(String message) {
        super(message);
    }
}
