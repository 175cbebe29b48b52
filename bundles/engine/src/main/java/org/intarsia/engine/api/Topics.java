package org.intarsia.engine.api;

/**
 * The topics of the events that the platform publishes through OSGi's EventAdmin, and the names of their properties.
 *
 * <p>Who wants to hear of them registers an {@code org.osgi.service.event.EventHandler} with the property
 * {@code event.topics}; {@link #ALL} means every topic here. Where no EventAdmin runs, nothing is published and all else
 * works as ever. That bundles come and go tells EventAdmin by itself, below {@link #BUNDLES}.
 *
 * <p>An event about the engine says in its property {@code message} (OSGi's name for it) the same in a sentence.
 */
public final class Topics {

    /** Every topic of the platform. */
    public static final String ALL = "org/intarsia/*";

    /** A model has moved to another backend or device: {@link #MODEL}, {@link #FROM}, {@link #TO}. */
    public static final String BACKEND_SWAPPED = "org/intarsia/swap/BACKEND";

    /**
     * A model has taken another component, or the same one of another version of its bundle: {@link #MODEL},
     * {@link #KIND}, {@link #FROM}, {@link #TO}.
     */
    public static final String COMPONENT_SWAPPED = "org/intarsia/swap/COMPONENT";

    /** A generation waits, since something that it needs is away or changes: {@link #MODEL}, {@link #REASON}. */
    public static final String GENERATION_PAUSED = "org/intarsia/generation/PAUSED";

    /** A generation goes on: {@link #MODEL}, {@link #SECONDS}. */
    public static final String GENERATION_RESUMED = "org/intarsia/generation/RESUMED";

    /**
     * What OSGi's own topics about bundles begin with: {@code INSTALLED}, {@code STARTED}, {@code UPDATED},
     * {@code STOPPED} and {@code UNINSTALLED} follow; {@code bundle.symbolicName} and {@code bundle.version} say which.
     */
    public static final String BUNDLES = "org/osgi/framework/BundleEvent/";

    /** Property: the model's name, a {@code String}. */
    public static final String MODEL = "model";

    /** Property: which kind of component, as {@link ComponentInfo#kind} says it, a {@code String}. */
    public static final String KIND = "kind";

    /** Property: what was used before, with bundle and version, a {@code String}. */
    public static final String FROM = "from";

    /** Property: what is used from now on, with bundle and version, a {@code String}. */
    public static final String TO = "to";

    /** Property: why, in a few words, a {@code String}. */
    public static final String REASON = "reason";

    /** Property: how long it waited, a {@code Double}. */
    public static final String SECONDS = "seconds";

    private Topics() {
    }
}
