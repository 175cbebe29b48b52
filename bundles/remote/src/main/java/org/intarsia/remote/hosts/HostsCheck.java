package org.intarsia.remote.hosts;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.intarsia.remote.api.HostException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells whether all known hosts are there and fit this one. */
@Component(service = HealthCheck.class, property = {HealthCheck.NAME + "=hosts", HealthCheck.TAGS + "=host"})
public final class HostsCheck implements HealthCheck {
    private final HostRegistry registry;

    @Activate
    public HostsCheck(@Reference HostRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Result execute() {
        try {
            List<HostStatus> hosts = registry.hosts(false);
            if (hosts.isEmpty()) {
                return new Result(Result.Status.OK, "no other host is known");
            }
            List<HostStatus> missing = hosts.stream().filter(host -> !host.reached()).toList();
            // A host that is missing is a warning: this one works all the same, and stays in service.
            return missing.isEmpty() ? new Result(Result.Status.OK, "all of " + hosts.size() + " other hosts are there")
                    : new Result(Result.Status.WARN, missing.stream().map(HostStatus::sentence).collect(Collectors.joining("; ")));
        } catch (HostException e) {
            return new Result(Result.Status.CRITICAL, e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "interrupted");
        }
    }
}
