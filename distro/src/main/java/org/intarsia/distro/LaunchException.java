package org.intarsia.distro;

/** The platform cannot be started; the message says what is missing. */
final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        super(message);
    }
}
