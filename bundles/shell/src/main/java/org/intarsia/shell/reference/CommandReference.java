package org.intarsia.shell.reference;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Vocabulary;
import org.intarsia.shell.api.Syntax;

/**
 * The syntaxes of all commands, and the words that their arguments may be.
 *
 * @param syntaxes by the name of the command; a task of a command has a name of two words, such as {@code weights convert}
 * @param names the words that stand for a kind of value now
 */
record CommandReference(SortedMap<String, Syntax> syntaxes, Function<Syntax.Choice, List<String>> names) {
    /**
     * Values that a shell offers for an argument.
     *
     * @param words that may be typed
     * @param files true where a file or folder may be named, too
     */
    record Values(Set<String> words, boolean files) {
    }

    /** Gathers what the catalogue knows now. */
    static CommandReference of(Catalogue catalogue, Vocabulary vocabulary) {
        SortedMap<String, Syntax> syntaxes = new TreeMap<>();
        catalogue.names().forEach(name -> syntaxes.put(name, catalogue.syntax(name)));
        catalogue.tasks().forEach(name -> syntaxes.put(name, catalogue.syntax(name)));
        return new CommandReference(syntaxes, vocabulary::names);
    }

    /** Returns the commands, without their tasks. */
    List<Syntax> commands() {
        return syntaxes.entrySet().stream().filter(entry -> !entry.getKey().contains(" ")).map(entry -> entry.getValue()).toList();
    }

    /** Returns the tasks of a command; none for most. */
    List<Syntax> tasks(String command) {
        return List.copyOf(syntaxes.subMap(command + " ", command + "!").values());
    }

    /** Returns the names of all tasks as a pattern of bash and zsh; without tasks it matches nothing that is typed. */
    String taskPattern(String separator) {
        String names = syntaxes.keySet().stream().filter(name -> name.contains(" ")).map(CommandReference::quoted)
                .collect(Collectors.joining(separator));
        return names.isEmpty() ? quoted("") : names;
    }

    /** Returns a text as one word of bash and zsh. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Returns the word that chooses a task behind its command. */
    static String word(Syntax task) {
        return task.command().substring(task.command().indexOf(' ') + 1);
    }

    /** Returns the values of each positional argument, in their order; the tasks of a command are values of the first one. */
    List<Values> positionals(Syntax syntax) {
        List<Values> all = new ArrayList<>();
        for (Syntax.Positional positional : syntax.positionals()) {
            Values values = values(syntax.choice(positional));
            if (all.isEmpty()) {
                tasks(syntax.command()).forEach(task -> values.words.add(word(task)));
            }
            all.add(values);
        }
        return all;
    }

    /** Returns the values of an option that has some. */
    Values values(Syntax syntax, Syntax.Option option) {
        return values(syntax.choice(option));
    }

    private Values values(Optional<Syntax.Choice> choice) {
        Set<String> words = new LinkedHashSet<>();
        // A device is one of the machine that asks, and a script may be made on another.
        choice.filter(known -> known.kind() != Syntax.Kind.DEVICE).map(names).ifPresent(words::addAll);
        // The lists of shells are cut at white space.
        words.removeIf(word -> word.matches(".*\\s.*"));
        boolean files = choice.map(Syntax.Choice::kind).filter(kind -> kind == Syntax.Kind.FILE || kind == Syntax.Kind.MODEL).isPresent();
        return new Values(words, files);
    }
}
