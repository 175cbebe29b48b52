package org.intarsia.http;

/**
 * Notices that a client closes its connection while its request is being answered. The server puts one into each request, as
 * the attribute of the name of this interface; without it, only a write that fails shows that a client has gone.
 */
public interface ClientWatch {

    /**
     * Begins to watch. To be called at most once, and only when the body of the request was read.
     *
     * @param gone runs at most once, on any thread, when the client has closed the connection
     */
    void begin(Runnable gone);

    /**
     * Ends the watch, before the answer is complete. Ending one that has not begun, or has ended, is harmless.
     *
     * @return whether the connection is of no use for another request, since the beginning of one was read from it
     */
    boolean end();

    /** Closes the connection. */
    void disconnect();
}
