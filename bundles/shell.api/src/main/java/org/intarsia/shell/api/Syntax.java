package org.intarsia.shell.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a command may be called with. Immutable: each method returns a new syntax with one more part.
 * {@snippet :
 * Syntax.of("imagine", "makes a new picture from text, or from pictures and text")
 *         .required("TEXT", "what the picture shows")
 *         .repeated("--image", "FILE", "a picture to begin with")
 *         .option("--out", "FILE", "where the picture goes; imagine.png where not given")
 *         .flag("--quick", "fewer steps")
 *         .example("imagine \"a red star\" --out star.png", "a picture from text");
 * }
 * Every command also knows {@code --json}, {@code --verbose} and {@code --help}. What the values of an argument are says
 * {@link #values} or {@link #words}, for completion; that {@code FILE} and {@code DIR} stand for files goes without saying.
 *
 * @param command the command's name
 * @param summary what it does, in a few words that begin with a verb
 * @param positionals arguments without a name, in their order
 * @param options arguments that begin with {@code --}
 * @param choices what the values of arguments are, by the argument's name, where that is known
 * @param examples how it is called
 */
public record Syntax(String command, String summary, List<Positional> positionals, List<Option> options,
        Map<String, Choice> choices, List<Example> examples) {
    /** The result as one JSON line. */
    public static final String JSON = "--json";
    /** Stack traces and log messages. */
    public static final String VERBOSE = "--verbose";
    /** The command's help instead of its work. */
    public static final String HELP = "--help";

    private static final List<Option> COMMON = List.of(
            new Option(JSON, Optional.empty(), "print the result as one JSON line", false),
            new Option(VERBOSE, Optional.empty(), "show log messages, and stack traces of errors", false),
            new Option(HELP, Optional.empty(), "show this help", false));

    /** Of what an argument's values are the names. */
    public enum Kind {
        /** Of none of the things below: the syntax itself lists the words. */
        WORD,
        /** Of a backend. */
        BACKEND,
        /** Of a device of a backend. */
        DEVICE,
        /** Of an installed model. */
        MODEL,
        /** Of a backend or a component. */
        PART,
        /** Of a command. */
        COMMAND,
        /** Of an installed bundle: its symbolic name. */
        BUNDLE,
        /** Of a file or folder. */
        FILE
    }

    /**
     * What the values of an argument are.
     *
     * @param kind of what they are the names
     * @param words all that it may be, where the kind is {@link Kind#WORD}
     */
    public record Choice(Kind kind, List<String> words) {
    }

    /**
     * A call that works.
     *
     * @param call as it is typed, with double quotes around a text of several words
     * @param meaning what it does, in a few words
     */
    public record Example(String call, String meaning) {
    }

    /**
     * An argument without a name.
     *
     * @param name what stands for it in the help, in capitals
     * @param description what it is
     * @param required whether the command needs it
     * @param repeated whether any number of them may follow
     */
    public record Positional(String name, String description, boolean required, boolean repeated) {
        @Override
        public String toString() {
            String shown = repeated ? name + "…" : name;
            return required ? shown : "[" + shown + "]";
        }
    }

    /**
     * An argument with a name.
     *
     * @param name with its two hyphens
     * @param value what stands for the value in the help, in capitals; nothing for a flag
     * @param description what it does
     * @param repeated whether it may be given more than once
     */
    public record Option(String name, Optional<String> value, String description, boolean repeated) {
        @Override
        public String toString() {
            return value.map(shown -> name + " " + shown).orElse(name);
        }
    }

    /**
     * A syntax without arguments.
     *
     * @param command the command's name
     * @param summary what it does, in a few words that begin with a verb
     */
    public static Syntax of(String command, String summary) {
        return new Syntax(command, summary, List.of(), COMMON, Map.of(), List.of());
    }

    /** Adds a positional argument that must be there. */
    public Syntax required(String name, String description) {
        return with(new Positional(name, description, true, false));
    }

    /** Adds a positional argument that may be left out. */
    public Syntax optional(String name, String description) {
        return with(new Positional(name, description, false, false));
    }

    /** Adds a last positional argument of which there may be one or more. */
    public Syntax oneOrMore(String name, String description) {
        return with(new Positional(name, description, true, true));
    }

    /** Adds an option with a value. */
    public Syntax option(String name, String value, String description) {
        return with(new Option(name, Optional.of(value), description, false));
    }

    /** Adds an option with a value that may be given more than once. */
    public Syntax repeated(String name, String value, String description) {
        return with(new Option(name, Optional.of(value), description, true));
    }

    /** Adds an option without a value. */
    public Syntax flag(String name, String description) {
        return with(new Option(name, Optional.empty(), description, false));
    }

    /** Says of what the values of an argument, named as it was declared, are the names. */
    public Syntax values(String argument, Kind kind) {
        return with(argument, new Choice(kind, List.of()));
    }

    /** Says which words an argument, named as it was declared, may be; another one is refused. */
    public Syntax words(String argument, String... words) {
        return with(argument, new Choice(Kind.WORD, List.of(words)));
    }

    /** Adds an example: a call as it is typed, and what it does. */
    public Syntax example(String call, String meaning) {
        List<Example> more = new ArrayList<>(examples);
        more.add(new Example(call, meaning));
        return new Syntax(command, summary, positionals, options, choices, List.copyOf(more));
    }

    /** What the values of a positional argument are, if that is known. */
    public Optional<Choice> choice(Positional positional) {
        return choice(positional.name(), positional.name());
    }

    /** What the values of an option are, if it has any and that is known. */
    public Optional<Choice> choice(Option option) {
        return option.value().flatMap(value -> choice(option.name(), value));
    }

    private Optional<Choice> choice(String argument, String shown) {
        boolean file = shown.contains("FILE") || shown.contains("DIR");
        return Optional.ofNullable(choices.get(argument))
                .or(() -> file ? Optional.of(new Choice(Kind.FILE, List.of())) : Optional.empty());
    }

    /** The command with its positional arguments, as a person would type it. */
    public String usage() {
        StringBuilder usage = new StringBuilder(command);
        positionals.forEach(positional -> usage.append(' ').append(positional));
        return usage.toString();
    }

    /** Usage, summary, every argument and every example, a line each. */
    public String help() {
        StringBuilder help = new StringBuilder(usage()).append(" [OPTION]…\n  ").append(summary).append("\n\n");
        positionals.forEach(positional -> appendLine(help, positional.name(), positional.description()));
        options.forEach(option -> appendLine(help, option.toString(),
                option.description() + (option.repeated() ? " (may be given more than once)" : "")));
        examples.forEach(example -> help.append(String.format(Locale.ROOT, "%n  %s%n      %s%n", example.call(),
                example.meaning())));
        return help.toString().stripTrailing();
    }

    private static void appendLine(StringBuilder help, String what, String description) {
        help.append(String.format(Locale.ROOT, "  %-26s %s%n", what, description));
    }

    private Syntax with(Positional positional) {
        List<Positional> more = new ArrayList<>(positionals);
        more.add(positional);
        return new Syntax(command, summary, List.copyOf(more), options, choices, examples);
    }

    private Syntax with(Option option) {
        List<Option> more = new ArrayList<>(options);
        // What all commands share stays at the end.
        more.add(options.size() - COMMON.size(), option);
        return new Syntax(command, summary, positionals, List.copyOf(more), choices, examples);
    }

    private Syntax with(String argument, Choice choice) {
        Map<String, Choice> more = new HashMap<>(choices);
        more.put(argument, choice);
        return new Syntax(command, summary, positionals, options, Map.copyOf(more), examples);
    }
}
