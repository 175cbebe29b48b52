package org.intarsia.backend.api;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A compiled graph with memory of its own, run as often as one likes. Not safe for use by several threads.
 */
@ProviderType
public interface Plan extends AutoCloseable {

    /**
     * The buffer that holds an input; write it before a run. A named size counts with its bound here, but the content
     * lies densely for the sizes of the run.
     */
    Buffer input(String name);

    /** The buffer that holds an output after a run, laid out likewise. It belongs to the plan. */
    Buffer output(String name);

    /**
     * Runs the graph once and returns when it is done. Equal inputs, parameters, states and sizes give equal bits.
     *
     * @param sizes the named sizes, each from 1 to its bound
     * @throws BackendException when the device fails
     */
    void run(Map<String, Long> sizes);

    /** Runs a graph without named sizes. */
    default void run() {
        run(Map.of());
    }

    /** Gives the plan's memory back. Closing twice is harmless. */
    @Override
    void close();
}
