package org.intarsia.engine.registry;

import java.util.Optional;
import org.intarsia.engine.api.Missing;
import org.intarsia.model.api.ModelException;

/** A model, or the engine itself, has left or was closed. Unlike a component that has left, it is not waited for here. */
public final class UnavailableException extends ModelException implements Missing {
    private static final long serialVersionUID = 1L;

    private final String departed;

    /**
     * Makes the exception.
     *
     * @param departed says in a clause what has left
     * @param remedy   says what mends that; the message is the clause followed by it
     */
    public UnavailableException(String departed, String remedy) {
        super(departed + remedy);
        this.departed = departed;
    }

    /** Makes the same for another thread, whose own failure is the cause; null where there is none. */
    public UnavailableException(UnavailableException other, Throwable cause) {
        super(other.getMessage(), cause);
        this.departed = other.departed;
    }

    @Override
    public Optional<String> departed() {
        return Optional.of(departed);
    }
}
