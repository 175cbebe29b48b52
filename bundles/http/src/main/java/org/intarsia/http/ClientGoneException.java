package org.intarsia.http;

/** The client closed its connection, or stopped reading, before its answer was complete. Nobody is left to be told. */
public final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientGoneException(Throwable cause) {
        super("the client has closed the connection", cause, false, false);
    }
}
