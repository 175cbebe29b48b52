package org.intarsia.remote.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.remote.api.HostDescription;
import org.intarsia.remote.hosts.HostRegistry;
import org.intarsia.remote.hosts.HostStatus;
import org.intarsia.remote.hosts.LinkMeasurement;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.CommandGroup;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists the other hosts, and how fast the links to them are. A first word such as {@code add} chooses a command of that name. */
@Component(service = Command.class)
@IntarsiaCommand("hosts")
public final class Hosts implements CommandGroup {
    static final String NAME = "hosts";

    private final HostRegistry registry;
    /** Commands whose names have this one's in front. */
    @Reference(target = "(" + IntarsiaCommand.PROPERTY + "=" + NAME + " *)")
    private volatile List<Command> parts = List.of();

    @Activate
    public Hosts(@Reference HostRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(NAME, "lists other machines that run Intarsia: what they have, and how fast the links are")
                .example("hosts", "asks every known host, and measures the link to it")
                .example("hosts --json", "the same for programs");
    }

    @Override
    public List<Command> parts() {
        return parts;
    }

    @Override
    public Result run(Arguments arguments, Console console) throws InterruptedException {
        List<HostStatus> hosts = registry.hosts(true);
        String text = hosts.isEmpty()
                ? "no other host is known; `hosts add HOST:PORT` adds one, `hosts serve` lets others reach this one"
                : hosts.stream().map(Hosts::text).collect(Collectors.joining("\n"));
        return new Result(hosts, text);
    }

    /** Several lines: the state, and what the host said of itself. */
    static String text(HostStatus host) {
        List<String> lines = new ArrayList<>();
        lines.add(host.sentence());
        host.description().ifPresent(description -> describe(description, lines));
        host.link().map(Hosts::link).ifPresent(lines::add);
        return String.join("\n", lines);
    }

    private static void describe(HostDescription host, List<String> lines) {
        lines.add("  " + Quoted.line(host.name()) + ", Intarsia " + Quoted.line(host.version()) + ", id " + Quoted.line(host.id())
                + (host.draining() ? ", draining" : ""));
        lines.add("  " + host.running() + " running, " + host.waiting() + " waiting"
                + (host.memoryBandwidth() > 0 ? "; copies memory at " + Sizes.bytes((long) host.memoryBandwidth()) + "/s" : ""));
        host.devices().forEach(device -> lines.add("  device " + Quoted.line(device.backend() + "/" + device.name()) + ": "
                + Quoted.line(device.description()) + ", " + Sizes.bytes(device.memoryBytes())));
        host.models().forEach(model -> lines.add("  model " + Quoted.line(model.name()) + ": " + Quoted.line(model.weights())));
    }

    private static String link(LinkMeasurement link) {
        return String.format(Locale.ROOT, "  link: %.3g ms there and back for %s (99 of 100 within %.3g ms), %s/s both ways",
                link.roundTripMs(), Sizes.bytes(link.frameBytes()), link.slowestMs(), Sizes.bytes((long) link.bytesPerSecond()));
    }

    /** Returns the result of a command that has asked one host; a failure where the host is not reached. */
    static Result one(HostStatus host) {
        return new Result(host, text(host), host.reached() ? Optional.empty() : Optional.of(host.sentence()));
    }
}
