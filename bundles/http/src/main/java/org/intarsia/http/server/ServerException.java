package org.intarsia.http.server;

/** The server cannot start; the message is one sentence that says why, and what mends it. */
public final class ServerException extends Exception {
    private static final long serialVersionUID = 1;

    ServerException(String message) {
        super(message);
    }
}
