package org.intarsia.shell;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Registers a Gogo function for each {@link Command}, in the scope {@value Command#SCOPE}. The command itself is made when
 * its function is first called.
 */
@Component(service = {}, immediate = true)
public final class GogoCommands {
    private final BundleContext context;
    private final Bundle bundle;
    private final Map<ServiceReference<Command>, ServiceRegistration<Function>> functions = new HashMap<>();

    @Activate
    public GogoCommands(BundleContext context) {
        this.context = context;
        this.bundle = context.getBundle();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, service = Command.class,
            target = "(&(" + IntarsiaCommand.PROPERTY + "=*)(!(" + IntarsiaCommand.PROPERTY + "=* *)))")
    synchronized void add(ServiceReference<Command> command) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of(CommandProcessor.COMMAND_SCOPE, Command.SCOPE,
                CommandProcessor.COMMAND_FUNCTION, command.getProperty(IntarsiaCommand.PROPERTY)));
        functions.put(command, context.registerService(Function.class,
                (session, words) -> execute(command, session, words), properties));
    }

    synchronized void remove(ServiceReference<Command> command) {
        functions.remove(command).unregister();
    }

    private Object execute(ServiceReference<Command> reference, CommandSession session, List<Object> words) throws Exception {
        Command command = context.getService(reference);
        if (command == null) {
            throw new IllegalStateException(reference.getProperty(IntarsiaCommand.PROPERTY)
                    + " has just left with its bundle, or lacks a service; `help` lists what there is");
        }
        try {
            Object value = execute(command, session, words);
            // A command may have stopped this very bundle, and with it what shows its value as text.
            return bundle.getState() == Bundle.ACTIVE ? value
                    : ResultConverter.text(session, value).<Object>map(text -> text).orElse(value);
        } catch (LinkageError e) {
            // Of a bundle that was refreshed, only the classes that were loaded before are still there.
            if (reference.getBundle() == null) {
                throw new IllegalStateException(reference.getProperty(IntarsiaCommand.PROPERTY) + " was broken off, since its bundle was stopped or updated"
                        + " meanwhile: call it again", e);
            }
            throw e;
        } finally {
            letGo(reference);
        }
    }

    private void letGo(ServiceReference<Command> reference) {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            // The command has outlived the shell's bundle, and the framework has ended all its uses of services.
            return;
        }
    }

    /**
     * Calls a command from Gogo: relative paths mean the session's current folder. Scripts get the typed value, which they
     * loop over and ask for its parts; what a person reads of it, {@link ResultConverter} takes from the session.
     */
    static Object execute(Command command, CommandSession session, List<Object> arguments) throws Exception {
        List<String> words = Words.of(arguments);
        Path folder = session.currentDir() == null ? Path.of("") : session.currentDir();
        Object shown = RunningCommands.run(() -> command.call(words, folder, console(session)));
        if (!(shown instanceof Result result)) {
            return shown;
        }
        ResultConverter.remember(session, result);
        return result.value();
    }

    /**
     * The console of a command that Gogo runs. What goes to the terminal is written to it directly: Gogo's streams, by which
     * pipes and redirections go, are closed once their thread was interrupted.
     */
    private static Console console(CommandSession session) {
        Process process = Process.Utils.current();
        if (process == null) {
            return new Console(session.getKeyboard(), session.getConsole(), System.err);
        }
        // A statement within another inherits where that one reads and writes.
        boolean direct = process.job().parent() == null;
        boolean terminal = session.get(Console.TERMINAL) != null;
        return new Console(direct && process.isTty(0) ? session.getKeyboard() : process.in(),
                direct && process.isTty(1) ? session.getConsole() : process.out(),
                direct && process.isTty(2) && terminal ? session.getConsole() : process.err(),
                process.isTty(2) && (terminal || Boolean.getBoolean(Console.TERMINAL)));
    }
}
