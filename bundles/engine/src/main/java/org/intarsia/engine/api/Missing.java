package org.intarsia.engine.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Marks exceptions that say that a component, a backend, a model or the engine itself is not there at the moment. The request
 * is not at fault: the same one may succeed later. A model that is there, but that none of the installed components can serve,
 * is an ordinary {@link org.intarsia.model.api.ModelException}.
 */
@ProviderType
public interface Missing {

    /**
     * Returns what was there before and has left, with its bundle, in one clause: it may come again, for example when its
     * bundle is only restarted or updated. Nothing where there was none.
     */
    Optional<String> departed();
}
