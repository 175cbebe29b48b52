package org.intarsia.remote.hosts;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostDescription.HostModel;
import org.intarsia.remote.api.HostException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/** A host that is asked again and again whether it is there. Safe for use by several threads. */
final class KnownHost {
    /** The state of a host at a moment. */
    enum State {
        /** It was not asked yet. */
        UNKNOWN,
        /** It answers, and fits this one. */
        REACHED,
        /** It answers, but must not be used. */
        REFUSED,
        /** It does not answer. */
        LOST
    }

    /**
     * A state, and why it is so.
     *
     * @param sentence    says it to people
     * @param description what the host said last; nothing where it never answered
     */
    record Finding(State state, String sentence, Optional<HostDescription> description) {
        /** The identity of the host; empty where it never answered. */
        String id() {
            return description.map(HostDescription::id).orElse("");
        }
    }

    private final String address;
    private final Host host;
    private final Runnable closing;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Finding finding;

    /**
     * @param address for people
     * @param closing ends the connection
     */
    KnownHost(String address, Host host, Runnable closing) {
        this.address = address;
        this.host = host;
        this.closing = closing;
        this.finding = new Finding(State.UNKNOWN, "host " + address + " was not asked yet", Optional.empty());
    }

    String address() {
        return address;
    }

    Host host() {
        return host;
    }

    Finding finding() {
        return finding;
    }

    /**
     * Asks the host, for as long as its connection lets it be silent; after whoever asks it already.
     *
     * @param local  what it is compared with
     * @param events hears of a change
     */
    void ask(LocalHost local, HostEvents events) {
        asking.lock();
        try {
            Finding before = finding;
            try {
                finding = compared(host.describe(), before, local);
            } catch (HostException e) {
                finding = new Finding(State.LOST, e.getMessage(), before.description());
            } catch (ModelException | WeightsException e) {
                finding = new Finding(State.REFUSED, "host " + address + " cannot be compared with this one: " + e.getMessage(),
                        before.description());
            }
            if (before.state() != finding.state() || !before.id().equals(finding.id())) {
                events.changed(address, finding);
            }
        } finally {
            asking.unlock();
        }
    }

    /** Asks as {@link #ask}, or does nothing where somebody asks already: a host that hangs holds up one thread, not more. */
    void askUnlessAsked(LocalHost local, HostEvents events) {
        if (asking.tryLock()) {
            try {
                ask(local, events);
            } finally {
                asking.unlock();
            }
        }
    }

    private Finding compared(HostDescription there, Finding before, LocalHost local) {
        if (!there.version().equals(local.version())) {
            return new Finding(State.REFUSED, "host " + address + " runs Intarsia " + Quoted.line(there.version()) + ", and this one "
                    + local.version() + "; install the same version on both", Optional.of(there));
        }
        List<HostModel> here = local.models();
        for (HostModel model : there.models()) {
            Optional<HostModel> other = here.stream().filter(mine -> mine.name().equals(model.name())
                    && !mine.weights().equals(model.weights())).findAny();
            if (other.isPresent()) {
                return new Finding(State.REFUSED, "host " + address + " has other weights of model " + Quoted.line(model.name())
                        + " (" + shortened(model.weights()) + ", here " + shortened(other.get().weights())
                        + "); install the same on both", Optional.of(there));
            }
        }
        boolean again = before.description().map(known -> !known.id().equals(there.id())).orElse(false);
        return new Finding(State.REACHED, "host " + address + (again ? " was started again and" : "") + " is there"
                + (there.draining() ? "; it asks for no more work" : ""), Optional.of(there));
    }

    private static String shortened(String hash) {
        return Quoted.line(hash.length() > 15 ? hash.substring(0, 15) + "…" : hash);
    }

    void close() {
        closing.run();
    }
}
