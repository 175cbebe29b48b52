package org.intarsia.engine.stages;

import org.osgi.annotation.versioning.ConsumerType;

/** Some layers of a model on one host, with the keys and values of the token streams that they read. Used by one thread at a time. */
@ConsumerType
public interface Stage extends AutoCloseable {

    /** Returns backend, device, bundle and version that compute it, as {@link org.intarsia.engine.api.Origin#devices} names them. */
    String where();

    /** Tells whether the results of a token have the same bits beside any other tokens. */
    boolean isAlikeBesideOthers();

    /**
     * Makes room for more keys and values; what is there stays.
     *
     * @param blocks of keys and values, at least as many as before
     * @throws StageLostException                           when the host, its device or the link is lost
     * @throws org.intarsia.backend.api.BackendException when the host has no room for them; the stage stays as it was
     */
    void grow(int blocks);

    /**
     * Computes the layers for the tokens of a step, and keeps their keys and values.
     *
     * @return the residual stream behind the last layer, in the layout of {@link StageStep#hidden}
     * @throws StageLostException                      when the host, its device or the link is lost
     * @throws org.intarsia.model.api.ModelException when the step does not fit the stage
     */
    float[] run(StageStep step);

    /** Gives the memory back. Closing twice is harmless. */
    @Override
    void close();
}
