package org.intarsia.engine.stages;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Knows other hosts: a service of whatever bundle reaches them. Safe for use by several threads. */
@ConsumerType
public interface StageHosts {

    /** In place of an address: all hosts that are known. */
    String ALL = "all";

    /**
     * Returns hosts, each asked once whether it is there if nobody has asked it yet.
     *
     * @param addresses their addresses, or {@link #ALL} alone
     * @throws org.intarsia.model.api.ModelException when one is no address, or the settings of hosts are wrong
     */
    List<StageHost> hosts(List<String> addresses);

    /** Returns the strength of this host. */
    StageHost.Capacity local();

    /** Tells {@code watcher} from now on, on a thread of its own, when a host is reached or lost, or may be used no more. */
    void watch(Runnable watcher);

    /** Ends {@link #watch}. */
    void unwatch(Runnable watcher);
}
