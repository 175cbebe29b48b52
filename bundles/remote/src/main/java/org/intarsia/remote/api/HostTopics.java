package org.intarsia.remote.api;

/**
 * The topics of the events about hosts, and the names of their properties. They are published where EventAdmin runs, as those of
 * {@code org.intarsia.engine.api.Topics} are; {@code message} says the same in a sentence.
 */
public final class HostTopics {
    /** A host has answered for the first time, or again after it was lost: {@link #ADDRESS}, {@link #ID}. */
    public static final String REACHED = "org/intarsia/host/REACHED";

    /** A host has not answered for the configured time, or its connection failed: {@link #ADDRESS}. */
    public static final String LOST = "org/intarsia/host/LOST";

    /** A host answers, but is not used: another version or other weights: {@link #ADDRESS}, {@link #ID}. */
    public static final String REFUSED = "org/intarsia/host/REFUSED";

    /** Property: where the host was looked for, {@code HOST:PORT}, a {@code String}. */
    public static final String ADDRESS = "address";

    /** Property: {@link HostDescription#id}, a {@code String}. */
    public static final String ID = "id";

    private HostTopics() {
    }
}
