package org.intarsia.shell.interactive;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.Syntax.Choice;
import org.intarsia.shell.api.Syntax.Option;
import org.intarsia.shell.api.Syntax.Positional;

/**
 * What may stand at one place of a call.
 *
 * @param options those that may be given there
 * @param value what the values are that may stand there; nothing where that is not known
 * @param prefix what stands before the value within the same word, as in {@code --backend=cpu}
 */
record Completion(List<Option> options, Optional<Choice> value, String prefix) {
    /**
     * Finds out what may come next.
     *
     * @param syntax what the command may be called with
     * @param before the words between the command's name and this place
     * @param word what is there already of the word at this place
     */
    static Completion at(Syntax syntax, List<String> before, String word) {
        List<Option> left = new ArrayList<>(syntax.options());
        Optional<Option> open = Optional.empty();
        boolean onlyPositionals = false;
        int positionals = 0;
        for (String given : before) {
            Optional<Option> option = onlyPositionals || open.isPresent() ? Optional.empty() : option(syntax, given);
            if (open.isPresent()) {
                open = Optional.empty();
            } else if (given.equals("--") && !onlyPositionals) {
                onlyPositionals = true;
            } else if (option.isPresent()) {
                option.filter(one -> !one.repeated()).ifPresent(left::remove);
                open = option.filter(one -> one.value().isPresent() && !given.contains("="));
            } else {
                positionals++;
            }
        }
        if (open.isPresent()) {
            return new Completion(List.of(), syntax.choice(open.get()), "");
        }
        if (word.startsWith("-") && !onlyPositionals) {
            int equals = word.indexOf('=');
            return equals < 0 ? new Completion(left, Optional.empty(), "")
                    : new Completion(List.of(), option(syntax, word).flatMap(syntax::choice), word.substring(0, equals + 1));
        }
        Optional<Positional> positional = positional(syntax, positionals);
        return new Completion(word.isEmpty() && !onlyPositionals && positional.isEmpty() ? left : List.of(),
                positional.flatMap(syntax::choice), "");
    }

    private static Optional<Option> option(Syntax syntax, String word) {
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        return syntax.options().stream().filter(option -> option.name().equals(name)).findFirst();
    }

    private static Optional<Positional> positional(Syntax syntax, int index) {
        List<Positional> all = syntax.positionals();
        boolean repeats = !all.isEmpty() && index >= all.size() && all.getLast().repeated();
        return repeats ? Optional.of(all.getLast()) : all.stream().skip(index).findFirst();
    }
}
