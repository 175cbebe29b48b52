package org.intarsia.http;

import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Request.Priority;

/**
 * Admits requests to the engine. So many run, so many wait for one of those to end, in the order of their priorities and, within one,
 * in the order in which they came; more are
 * answered 429 with {@code Retry-After}, and all are answered 503 while the server stops. A service of the server.
 */
public interface Admission {

    /**
     * Waits for a place among those that run. A client that goes away meanwhile loses its place in the queue.
     *
     * @param priority who begins first of those that wait
     * @param progress hears, on the calling thread, of each change of the place in the queue; not called where none had to be
     *                 waited for
     * @throws HttpException       429 when the queue is full, 503 when the server stops
     * @throws ClientGoneException when the client went away while it waited
     */
    Ticket take(Exchange exchange, Priority priority, Consumer<Waiting> progress);

    /**
     * The time that it may still take.
     *
     * @param place   the place in the queue; 1 is next
     * @param seconds the estimated time, by the requests that ended lately
     */
    record Waiting(int place, OptionalDouble seconds) {
    }

    /** A place among those that run, until it is closed. */
    interface Ticket extends AutoCloseable {

        /** Cancels the generation when the server stops and it has not ended within the time that is given to it. */
        void cancelOnStop(Generation generation);

        /** Throws an error 503 where the generation was cancelled since the server stops: its answer is not whole. */
        void check();

        /** Gives the place to the next. Closing twice is harmless. */
        @Override
        void close();
    }
}
