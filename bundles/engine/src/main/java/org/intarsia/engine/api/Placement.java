package org.intarsia.engine.api;

import java.util.List;
import java.util.Optional;
import org.intarsia.backend.api.Precision;

/**
 * Where a model shall run, and how exactly.
 *
 * @param backend   the name of a backend; empty for the best that is there, whichever that is at the time
 * @param device    the name of one of its devices; empty for its best
 * @param precision how exactly it computes; empty for {@link Precision#FAST} where weights are block-quantised, and else
 *                  {@link Precision#EXACT}
 * @param hosts     addresses of other hosts that compute some of its layers, as {@link org.intarsia.engine.stages.StageHosts} takes
 *                  them; none where this host computes all
 */
public record Placement(Optional<String> backend, Optional<String> device, Optional<Precision> precision, List<String> hosts) {

    /** Wherever there is room. */
    public static final Placement ANYWHERE = new Placement(Optional.empty(), Optional.empty());

    public Placement {
        hosts = List.copyOf(hosts);
    }

    /** A place on this host alone. */
    public Placement(Optional<String> backend, Optional<String> device, Optional<Precision> precision) {
        this(backend, device, precision, List.of());
    }

    /** A place for a model that computes as it usually does. */
    public Placement(Optional<String> backend, Optional<String> device) {
        this(backend, device, Optional.empty());
    }

    /** On the best device of the backend of that name, or anywhere where none is named. */
    public static Placement on(Optional<String> backend) {
        return new Placement(backend, Optional.empty());
    }

    /** Returns the same place with a precision. */
    public Placement with(Precision changed) {
        return new Placement(backend, device, Optional.of(changed), hosts);
    }

    /** Returns the same place with other hosts beside it. */
    public Placement over(List<String> others) {
        return new Placement(backend, device, precision, others);
    }
}
