package org.intarsia.remote.hosts;

import java.util.Optional;
import org.intarsia.remote.api.HostException;
import org.intarsia.remote.wire.HostAddress;
import org.intarsia.remote.wire.HostServer;
import org.intarsia.remote.wire.WireThreads;

/** Lets other hosts reach this one while it is told to. Safe for use by several threads. */
final class HostListener {
    private final LocalHost local;
    private final WireThreads threads;
    private Optional<HostServer> server = Optional.empty();
    private Optional<String> address = Optional.empty();

    HostListener(LocalHost local, WireThreads threads) {
        this.local = local;
        this.threads = threads;
    }

    /**
     * Begins to listen; this takes as long as it takes to hash the weights of all installed models.
     *
     * @return where it listens
     * @throws HostException when it listens already, may not listen there, or cannot
     */
    synchronized String start(RemoteSettings settings) {
        if (address.isPresent()) {
            throw new HostException("this host listens already, at " + address.get() + "; stop it first with hosts serve stop");
        }
        local.offer(settings.models());
        HostServer started = new HostServer(local, settings.host(), settings.port(), settings.security(), settings.limits(), threads);
        try {
            local.prepare();
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
        server = Optional.of(started);
        address = Optional.of(new HostAddress(settings.host(), started.port()).toString());
        return address.get();
    }

    /** Returns where it listens; nothing where it does not. */
    synchronized Optional<String> address() {
        return address;
    }

    /** Stops listening, where it does. */
    synchronized void stop() {
        server.ifPresent(HostServer::close);
        server = Optional.empty();
        address = Optional.empty();
    }
}
