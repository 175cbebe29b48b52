package org.intarsia.shell;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.text.Nearest;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;
import org.osgi.util.tracker.ServiceTracker;

/** Knows every command that an installed bundle describes, whether or not it can run at the moment. */
@Component(service = Catalogue.class)
public final class Catalogue {
    /** Builtins of the interactive shell, with their summaries. */
    public static final Map<String, String> IN_THE_SHELL = Map.of("exit", "leaves the shell",
            "history", "lists the lines that were typed");

    /** A backend may still be looking for its devices when the framework is already up. */
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    @Activate
    public Catalogue(BundleContext context, @Reference ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    /** The names of all commands, in alphabetical order, also of those that wait for a service. */
    public Set<String> names() {
        // A name of two words is a part of the command that the first of them names.
        return declared().filter(name -> !name.contains(" ")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of all tasks of commands, such as {@code weights convert}, in alphabetical order. */
    public Set<String> tasks() {
        return declared().filter(name -> name.contains(" ")).collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<String> declared() {
        Stream<Object> described = descriptions().map(description -> description.properties.get(IntarsiaCommand.PROPERTY));
        // A command need not be a component.
        Stream<Object> registered = references("(" + IntarsiaCommand.PROPERTY + "=*)").stream()
                .map(reference -> reference.getProperty(IntarsiaCommand.PROPERTY));
        return Stream.concat(described, registered).map(Object::toString);
    }

    /** The names of all commands, and what each does in a few words. */
    public SortedMap<String, String> summaries() {
        SortedMap<String, String> summaries = new TreeMap<>();
        for (String command : names()) {
            summaries.put(command, syntax(command).summary());
        }
        return summaries;
    }

    /** The syntax of a command or task; of one that waits for a service, its name and a summary that says so. */
    public Syntax syntax(String name) {
        return running(name).map(Command::syntax).orElseGet(() -> Syntax.of(name, "waits for a service; call it to see which"));
    }

    /**
     * Finds a command, and waits a moment where it is described but lacks a service.
     *
     * @throws UsageException where no bundle describes a command of that name
     * @throws IllegalStateException where it still lacks a service; the message says which
     */
    public Command command(String name) throws UsageException, InterruptedException {
        Set<String> names = names();
        if (!names.contains(name)) {
            throw new UsageException(unknown(name, names, "intarsia help"));
        }
        ServiceTracker<Command, Command> tracker = new ServiceTracker<>(context, filter(name), null);
        tracker.open();
        // Left open: the service is in use until the framework stops.
        Command command = tracker.waitForService(PATIENCE_MILLIS);
        if (command == null) {
            tracker.close();
            throw new IllegalStateException(name + " needs " + descriptions()
                    .filter(description -> name.equals(description.properties.get(IntarsiaCommand.PROPERTY)))
                    .findFirst().map(this::missing).orElse("its bundle, which has just left"));
        }
        return command;
    }

    /**
     * Returns the sentence about a command that cannot be found.
     *
     * @param known the names of all commands
     * @param help what lists them
     */
    public static String unknown(String name, Collection<String> known, String help) {
        if (known.contains(name)) {
            return "the command " + name + " cannot run now, since its bundle or a service that it needs has stopped: start that bundle"
                    + " (`felix:lb` lists them, `felix:start ID` starts one)";
        }
        return "there is no command " + name + Nearest.question(name, known) + " (`" + help + "` lists them)";
    }

    /** The command, if it has all that it needs at this moment. */
    public Optional<Command> running(String name) {
        return references("(" + IntarsiaCommand.PROPERTY + "=" + name + ")").stream().findFirst().map(context::getService);
    }

    private Collection<ServiceReference<Command>> references(String filter) {
        try {
            return context.getServiceReferences(Command.class, filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private Stream<ComponentDescriptionDTO> descriptions() {
        return components.getComponentDescriptionDTOs().stream()
                .filter(description -> description.properties.containsKey(IntarsiaCommand.PROPERTY));
    }

    private static Filter filter(String name) {
        try {
            // Only names that are known come here, so nothing needs escaping.
            return FrameworkUtil.createFilter(String.format(Locale.ROOT, "(&(%s=%s)(%s=%s))", Constants.OBJECTCLASS,
                    Command.class.getName(), IntarsiaCommand.PROPERTY, name));
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private String missing(ComponentDescriptionDTO description) {
        String services = components.getComponentConfigurationDTOs(description).stream()
                .flatMap(configuration -> Arrays.stream(configuration.unsatisfiedReferences))
                .map(unsatisfied -> interfaceOf(description, unsatisfied))
                .distinct()
                .collect(Collectors.joining(", "));
        return services.isEmpty()
                ? "its component " + description.name + ", which does not start; --verbose shows the log"
                : services + ", which no running bundle provides; install or start one that does";
    }

    private static String interfaceOf(ComponentDescriptionDTO description, UnsatisfiedReferenceDTO unsatisfied) {
        for (ReferenceDTO reference : description.references) {
            if (reference.name.equals(unsatisfied.name)) {
                return reference.interfaceName;
            }
        }
        return unsatisfied.name;
    }
}
