package org.intarsia.shell.api;

/**
 * A command was called wrongly: the message is one sentence that says what is wrong and what would be right. The
 * process ends with status 2.
 */
public class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the sentence, without the program's name
     */
    public UsageException(String message) {
        super(message);
    }
}
