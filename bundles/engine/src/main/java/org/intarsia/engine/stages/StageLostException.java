package org.intarsia.engine.stages;

import org.intarsia.backend.api.DeviceLostException;

/** A host, its device or the link to it is lost, and what it had of keys and values; the message says in a sentence which and why. */
public final class StageLostException extends DeviceLostException {
    private static final long serialVersionUID = 1L;

    private final boolean hostIsLost;

    /**
     * Makes the exception.
     *
     * @param message    the sentence
     * @param hostIsLost false where the host is there, and may open the layers again
     */
    public StageLostException(String message, boolean hostIsLost) {
        super(message);
        this.hostIsLost = hostIsLost;
    }

    /** Returns false where the host is there, and may open the layers again. */
    public boolean isHostLost() {
        return hostIsLost;
    }
}
