package org.intarsia.remote.api;

import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.osgi.annotation.versioning.ProviderType;

/** A process that runs Intarsia, on this machine or another. Safe for use by several threads. */
@ProviderType
public interface Host {

    /**
     * Says what the host is and has at this moment. Returns within the deadline of the connection.
     *
     * @throws HostException when the host cannot be reached, does not answer in time, or refuses
     */
    HostDescription describe();

    /**
     * Returns the frame as the host has received it, to measure the link. Frames of one caller come back in their order.
     *
     * @throws HostException as {@link #describe}, and when the frame is larger than either side allows
     */
    TensorFrame echo(TensorFrame frame);

    /**
     * Opens some layers of one of the models that the host describes, told by the hash of its weights.
     *
     * @throws org.intarsia.engine.stages.StageLostException when the host cannot be reached, or does not answer in time
     * @throws org.intarsia.model.api.ModelException       when it has no such model, or would compute it otherwise
     * @throws org.intarsia.backend.api.BackendException  when it has no room
     */
    Stage stage(StageLayers layers);
}
