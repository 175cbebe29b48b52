package org.intarsia.engine.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Requests on their way to their answers, together in one batch. Runs once, on one thread; may be cancelled from any.
 */
@ProviderType
public interface Generation {

    /**
     * Runs on the caller's thread until all answers are there.
     *
     * <p>The token stream is the only state: when the backend or the core goes away meanwhile and another is there, the
     * generation goes on with that one, from the same tokens.
     *
     * @return an answer for each request, in their order
     * @throws org.intarsia.model.api.ModelException     when a component is missing or a request does not fit the model
     * @throws org.intarsia.backend.api.BackendException when the backend is gone or fails
     * @throws java.util.concurrent.CancellationException when the thread is interrupted: the generation ends at its next
     *     step, and the thread stays interrupted
     */
    List<Answer> run();

    /** Runs on a thread of its own; {@link #await} gives what {@link #run} would have. */
    Generation start();

    /**
     * Waits for what {@link #start} began.
     *
     * @throws InterruptedException when the waiting thread is interrupted; the generation goes on
     */
    List<Answer> await() throws InterruptedException;

    /** Ends the generation at its next step; text that is there is kept. */
    void cancel();
}
