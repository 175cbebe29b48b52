package org.intarsia.remote.hosts;

import java.util.Locale;
import java.util.Optional;
import org.intarsia.remote.api.HostDescription;

/**
 * The state of another host, and its last description.
 *
 * @param address     where it was looked for
 * @param state       {@code reached}, {@code refused}, {@code lost} or {@code unknown}
 * @param sentence    the state, and why it is so
 * @param description what the host said last; nothing where it never answered
 * @param link        the speed of the link; nothing where it was not measured
 */
public record HostStatus(String address, String state, String sentence, Optional<HostDescription> description,
        Optional<LinkMeasurement> link) {

    static HostStatus of(KnownHost host, Optional<LinkMeasurement> link) {
        KnownHost.Finding finding = host.finding();
        return new HostStatus(host.address(), finding.state().name().toLowerCase(Locale.ROOT), finding.sentence(),
                finding.description(), link);
    }

    /** Tells whether the host answers and fits this one. */
    public boolean reached() {
        return state.equals("reached");
    }
}
