package org.intarsia.shell.api;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.intarsia.text.Nearest;

/**
 * The arguments of one call, checked against the command's {@link Syntax}. The accessors take the names exactly as
 * the syntax declares them: {@code text("TEXT")}, {@code value("--out")}.
 * <p>
 * Options may stand anywhere; {@code --name value} and {@code --name=value} mean the same; what follows a lone
 * {@code --} is positional.
 */
public final class Arguments {
    private final Syntax syntax;
    private final Path folder;
    private final Map<String, List<String>> values = new HashMap<>();

    private Arguments(Syntax syntax, Path folder) {
        this.syntax = syntax;
        this.folder = folder;
    }

    /**
     * Reads a call.
     *
     * @param syntax what the command may be called with
     * @param given the words after the command's name, taken literally
     * @param folder the folder that relative paths are resolved against
     * @throws UsageException where the words do not fit the syntax
     */
    public static Arguments parse(Syntax syntax, List<String> given, Path folder) throws UsageException {
        Arguments arguments = new Arguments(syntax, folder);
        List<String> positionals = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            if (word.equals("--")) {
                positionals.addAll(given.subList(i + 1, given.size()));
                break;
            }
            if (!word.startsWith("--")) {
                positionals.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            Syntax.Option option = arguments.option(equals < 0 ? word : word.substring(0, equals));
            if (option.value().isEmpty()) {
                if (equals >= 0) {
                    throw arguments.wrong(option.name() + " takes no value");
                }
                arguments.put(option, "true");
            } else if (equals >= 0) {
                arguments.put(option, word.substring(equals + 1));
            } else if (++i < given.size()) {
                arguments.put(option, given.get(i));
            } else {
                throw arguments.wrong(option.name() + " needs a value: " + option);
            }
        }
        // Whoever asks for help need not call the command rightly.
        if (!arguments.flag(Syntax.HELP)) {
            arguments.assign(positionals);
            arguments.checkWords();
        }
        return arguments;
    }

    /** The value of a required positional argument. */
    public String text(String name) {
        return value(name).orElseThrow();
    }

    /** The value of an option or of an optional positional argument, if it was given. */
    public Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    /** All values of a repeated option or positional argument, in the order in which they were given. */
    public List<String> values(String name) {
        requireDeclared(name);
        return values.getOrDefault(name, List.of());
    }

    /** Whether a flag was given. */
    public boolean flag(String name) {
        return !values(name).isEmpty();
    }

    /** The value as a path, resolved against the caller's folder. */
    public Optional<Path> path(String name) throws UsageException {
        return paths(name).stream().findFirst();
    }

    /** All values as paths, resolved against the caller's folder. */
    public List<Path> paths(String name) throws UsageException {
        List<Path> paths = new ArrayList<>();
        for (String value : values(name)) {
            paths.add(resolve(name, value));
        }
        return List.copyOf(paths);
    }

    /**
     * A value that another part of the platform takes for a file or folder name where it is one, as in
     * {@code --model NAME|DIR}: resolved against the caller's folder.
     */
    public Path resolve(String name, String value) throws UsageException {
        try {
            return folder.resolve(value);
        } catch (InvalidPathException e) {
            throw wrong(name + " is not a path on this machine: " + value);
        }
    }

    /** The value as an integer, if it was given. */
    public OptionalLong integer(String name) throws UsageException {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value.get()));
        } catch (NumberFormatException e) {
            throw wrong(name + (value.get().matches("[+-]?\\d+")
                    ? " takes an integer from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE + ", not " + value.get()
                    : " takes an integer, not '" + value.get() + "'"));
        }
    }

    /** The value as an integer of a range, both ends included, or the default where it was not given. */
    public int integer(String name, int byDefault, int least, int most) throws UsageException {
        long value = integer(name).orElse(byDefault);
        if (value < least || value > most) {
            throw wrong(name + " takes an integer from " + least + " to " + most + ", not " + value);
        }
        return (int) value;
    }

    /** The value as a number of a range, both ends included, or the default where it was not given. */
    public double decimal(String name, double byDefault, double least, double most) throws UsageException {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return byDefault;
        }
        double number;
        try {
            number = Double.parseDouble(value.get());
        } catch (NumberFormatException e) {
            throw wrong(name + " takes a number, not '" + value.get() + "'");
        }
        // Written so that NaN is refused, too.
        if (!(number >= least && number <= most)) {
            throw wrong(name + " takes a number from " + plain(least) + " to " + plain(most) + ", not " + value.get());
        }
        return number;
    }

    /** Without a fraction where there is none. */
    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /** A complaint about this call, for rules that the syntax cannot express. */
    public UsageException wrong(String what) {
        return new UsageException(syntax.command() + ": " + what);
    }

    private void put(Syntax.Option option, String value) throws UsageException {
        List<String> present = values.computeIfAbsent(option.name(), name -> new ArrayList<>());
        if (!present.isEmpty() && !option.repeated() && option.value().isPresent()) {
            throw wrong(option.name() + " may be given only once");
        }
        present.add(value);
    }

    private Syntax.Option option(String name) throws UsageException {
        List<String> known = new ArrayList<>();
        for (Syntax.Option option : syntax.options()) {
            if (option.name().equals(name)) {
                return option;
            }
            known.add(option.name());
        }
        throw wrong("unknown option " + name + Nearest.question(name, known));
    }

    private void assign(List<String> positionals) throws UsageException {
        int next = 0;
        for (Syntax.Positional positional : syntax.positionals()) {
            int end = positional.repeated() ? positionals.size() : Math.min(next + 1, positionals.size());
            if (next == end && positional.required()) {
                throw wrong(positional.name() + " is missing; usage: " + syntax.usage());
            }
            values.put(positional.name(), List.copyOf(positionals.subList(next, end)));
            next = end;
        }
        if (next < positionals.size()) {
            throw wrong("one argument too many, '" + positionals.get(next) + "'; usage: " + syntax.usage()
                    + " (a text of several words stands in quotes" + (typographic(positionals)
                            ? ": \" or ', not those of a word processor)" : ")"));
        }
    }

    private static boolean typographic(List<String> words) {
        return words.stream().anyMatch(word -> word.matches("(?s)[\u201c\u201d\u201e\u2018\u201a\u00ab\u00bb].*"));
    }

    private void checkWords() throws UsageException {
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            Syntax.Choice choice = syntax.choices().get(entry.getKey());
            for (String value : choice == null || choice.kind() != Syntax.Kind.WORD ? List.<String>of() : entry.getValue()) {
                if (!choice.words().contains(value)) {
                    throw wrong(entry.getKey() + " is " + String.join(" or ", choice.words()) + ", not '" + value + "'"
                            + Nearest.question(value, choice.words()));
                }
            }
        }
    }

    private void requireDeclared(String name) {
        boolean declared = syntax.options().stream().anyMatch(option -> option.name().equals(name))
                || syntax.positionals().stream().anyMatch(positional -> positional.name().equals(name));
        if (!declared) {
            throw new IllegalArgumentException("the syntax of " + syntax.command() + " declares no " + name);
        }
    }
}
