package org.intarsia.provisioning.api;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Installs, updates, removes, starts and stops bundles; the package says how long what lasts. Bundles are named by their
 * symbolic name or by their number. Whatever is refused is a {@link ProvisioningException}, and changes nothing.
 */
@ProviderType
public interface Provisioning {
    /** The symbolic names of all installed bundles. */
    SortedSet<String> names();

    /**
     * Installs and starts bundles; they may need one another.
     *
     * @param sources URIs of jars: {@code file}, {@code http} or {@code https}
     */
    List<Change> install(List<URI> sources);

    /**
     * Installs and starts bundles with everything they need that is not there.
     *
     * @param names        symbolic names of bundles in the repositories
     * @param sources      URIs of jars
     * @param repositories URIs of OSGi repository indexes (XML); where there are none, the index of the box
     * @return the changes, of needed bundles first
     */
    List<Change> resolve(List<String> names, List<URI> sources, List<URI> repositories);

    /**
     * Replaces a bundle by another version, or reads it again from its file.
     *
     * @param source a jar of the same symbolic name; the bundle's own file where none is given
     */
    Change update(String bundle, Optional<URI> source);

    /** Removes a bundle. */
    Change uninstall(String bundle);

    /** Starts a bundle. */
    Change start(String bundle);

    /** Stops a bundle. */
    Change stop(String bundle);
}
