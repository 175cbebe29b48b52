package org.intarsia.engine.stages;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** A host that may compute some layers of a model. Safe for use by several threads. */
@ConsumerType
public interface StageHost {

    /**
     * The strength of a host.
     *
     * @param memoryBytes     for weights, keys and values; 0 where it is not known
     * @param memoryBandwidth bytes a second that its processor copies; 0 where it is not known
     */
    record Capacity(long memoryBytes, double memoryBandwidth) {
    }

    /** Returns where it is, for people. */
    String address();

    /** Returns what tells its process apart from one before or after it at the same address. */
    String id();

    /** Returns in a sentence why it cannot be used now; nothing where it can. */
    Optional<String> unusable();

    /** Returns its strength. */
    Capacity capacity();

    /**
     * Opens some layers there.
     *
     * @throws StageLostException                      when the host is lost
     * @throws org.intarsia.model.api.ModelException when it does not have the model, or computes it otherwise
     * @throws org.intarsia.backend.api.BackendException when it has no room
     */
    Stage open(StageLayers layers);
}
