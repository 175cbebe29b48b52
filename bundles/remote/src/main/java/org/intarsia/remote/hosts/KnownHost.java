package org.intarsia.remote.hosts;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageHost;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.engine.stages.StageLostException;
import org.intarsia.engine.stages.StageStep;
import org.intarsia.model.api.ModelException;
import org.intarsia.remote.api.Host;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.api.HostDescription.HostDevice;
import org.intarsia.remote.api.HostDescription.HostModel;
import org.intarsia.remote.api.HostException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/** A host that is asked again and again whether it is there. Safe for use by several threads. */
final class KnownHost implements StageHost {
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

        boolean draining() {
            return description.map(HostDescription::draining).orElse(false);
        }
    }

    private final String address;
    private final Host host;
    private final Runnable closing;
    private final BiConsumer<String, Finding> changed;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Finding finding;

    /**
     * @param address for people
     * @param closing ends the connection
     * @param changed hears of another state or identity, with the address; it must not wait
     */
    KnownHost(String address, Host host, Runnable closing, BiConsumer<String, Finding> changed) {
        this.changed = changed;
        this.address = address;
        this.host = host;
        this.closing = closing;
        this.finding = new Finding(State.UNKNOWN, "host " + address + " was not asked yet", Optional.empty());
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public String id() {
        return finding.id();
    }

    @Override
    public Optional<String> unusable() {
        Finding now = finding;
        if (now.state() != State.REACHED) {
            return Optional.of(now.sentence());
        }
        return now.draining() ? Optional.of("host " + address + " asks for no more work: leave it out, or say hosts drain --off there")
                : Optional.empty();
    }

    @Override
    public Capacity capacity() {
        return finding.description().map(KnownHost::capacity).orElse(new Capacity(0, 0));
    }

    /** Returns the strength of a host: of its best device, and of the memory of its processor. */
    static Capacity capacity(HostDescription description) {
        return new Capacity(description.devices().stream().mapToLong(HostDevice::memoryBytes).findFirst().orElse(0),
                description.memoryBandwidth());
    }

    @Override
    public Stage open(StageLayers layers) {
        return new WatchedStage(watched(() -> host.stage(layers)));
    }

    /** Does something there; where the host turns out to be lost, others hear of it before the next question does. */
    private <R> R watched(Supplier<R> work) {
        try {
            return work.get();
        } catch (StageLostException e) {
            if (e.isHostLost()) {
                change(new Finding(State.LOST, e.getMessage(), finding.description()));
            }
            throw e;
        } catch (HostException e) {
            throw new StageLostException(e.getMessage(), true);
        }
    }

    /** A stage that tells when its host is lost. */
    private final class WatchedStage implements Stage {
        private final Stage stage;

        WatchedStage(Stage stage) {
            this.stage = stage;
        }

        @Override
        public String where() {
            return stage.where();
        }

        @Override
        public boolean isAlikeBesideOthers() {
            return stage.isAlikeBesideOthers();
        }

        @Override
        public void grow(int blocks) {
            watched(() -> {
                stage.grow(blocks);
                return blocks;
            });
        }

        @Override
        public float[] run(StageStep step) {
            return watched(() -> stage.run(step));
        }

        @Override
        public void close() {
            stage.close();
        }
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
     * @param local what it is compared with
     */
    void ask(LocalHost local) {
        asking.lock();
        try {
            Finding before = finding;
            try {
                change(compared(host.describe(), before, local));
            } catch (HostException e) {
                change(new Finding(State.LOST, e.getMessage(), before.description()));
            } catch (ModelException | WeightsException e) {
                change(new Finding(State.REFUSED, "host " + address + " cannot be compared with this one: " + e.getMessage(),
                        before.description()));
            }
        } finally {
            asking.unlock();
        }
    }

    private synchronized void change(Finding next) {
        Finding before = finding;
        finding = next;
        if (before.state() != next.state() || !before.id().equals(next.id()) || before.draining() != next.draining()) {
            changed.accept(address, next);
        }
    }

    /** Asks as {@link #ask}, or does nothing where somebody asks already: a host that hangs holds up one thread, not more. */
    void askUnlessAsked(LocalHost local) {
        if (asking.tryLock()) {
            try {
                ask(local);
            } finally {
                asking.unlock();
            }
        }
    }

    private Finding compared(HostDescription there, Finding before, LocalHost local) {
        if (there.id().equals(local.id())) {
            return new Finding(State.REFUSED, "host " + address + " is this process itself; name others", Optional.of(there));
        }
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
