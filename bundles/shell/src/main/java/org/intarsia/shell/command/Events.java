package org.intarsia.shell.command;

import java.util.List;
import java.util.stream.Collectors;
import org.intarsia.shell.EventLog;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Shows what has happened in this process: bundles that came and went, swaps, pauses. */
@Component(service = Command.class)
@IntarsiaCommand("events")
public final class Events implements Command {
    private static final String FOLLOW = "--follow";
    private static final String LAST = "--last";
    private static final int MANY = 20;

    private final EventLog log;

    @Activate
    public Events(@Reference EventLog log) {
        this.log = log;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("events", "shows what has happened in this process: bundles that came and went, swaps, pauses")
                .option(LAST, "N", "how many of the last events; " + MANY + " where not given")
                .flag(FOLLOW, "go on showing what happens, until interrupted")
                .example("events --last 5", "the last five")
                .example("events --follow", "what happens from now on, too; Ctrl-C ends it");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException, InterruptedException {
        int last = arguments.integer(LAST, MANY, 0, Integer.MAX_VALUE);
        if (arguments.flag(FOLLOW)) {
            try (EventLog.Following following = log.follow(last)) {
                // Nothing ends it but an interrupt.
                while (true) {
                    console.out().println(Quoted.line(following.next().toString()));
                }
            }
        }
        List<EventLog.Happening> happenings = log.last(last);
        return new Result(happenings, happenings.isEmpty() ? "nothing has happened yet"
                : happenings.stream().map(EventLog.Happening::toString).collect(Collectors.joining("\n")));
    }
}
