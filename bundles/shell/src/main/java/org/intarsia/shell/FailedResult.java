package org.intarsia.shell;

/** A command has failed, and its result, which is printed already, says how. */
final class FailedResult extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the failure in one sentence
     */
    FailedResult(String message) {
        super(message);
    }
}
