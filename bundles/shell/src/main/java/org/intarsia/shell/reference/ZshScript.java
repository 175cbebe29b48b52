package org.intarsia.shell.reference;

import static org.intarsia.shell.reference.CommandReference.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.reference.CommandReference.Values;

/** The completion script of zsh: a function that its completion system loads by the first line, and {@code _arguments}. */
final class ZshScript {
    private static final String BEGIN = """
            #compdef intarsia
            # Completes the commands of intarsia in zsh. Made by `intarsia completion zsh`.
            _intarsia() {
                local name=$words[2]
                local -a commands
                if (( CURRENT == 2 )); then
                    commands=(
            """;
    private static final String CHOOSE = """
                    )
                    _describe -t commands command commands
                    return
                fi
                shift words
                (( CURRENT -= 1 ))
                case "$name $words[2]" in
                    (%s)
                        if (( CURRENT > 2 )); then
                            name+=" $words[2]"
                            shift words
                            (( CURRENT -= 1 ))
                        fi
                        ;;
                esac
                case $name in
            """;
    private static final String END = """
                esac
            }
            # Loaded as a function, this file is called to complete; read as a script, it announces the function.
            if [[ $funcstack[1] == _intarsia ]]; then
                _intarsia "$@"
            else
                compdef _intarsia intarsia
            fi
            """;

    private ZshScript() {
    }

    /** Returns the script for the commands of a reference. */
    static String of(CommandReference reference) {
        StringBuilder script = new StringBuilder(BEGIN);
        reference.commands().forEach(syntax -> script.append("            ")
                .append(quoted(colons(syntax.command()) + ":" + syntax.summary())).append('\n'));
        script.append(CHOOSE.replace("%s", reference.taskPattern("|")));
        reference.syntaxes().forEach((name, syntax) -> script.append(branch(reference, name, syntax)));
        return script.append(END).toString();
    }

    private static String branch(CommandReference reference, String name, Syntax syntax) {
        List<String> arguments = new ArrayList<>();
        for (Syntax.Option option : syntax.options()) {
            String times = option.repeated() ? "*" : "";
            String described = "[" + colons(option.description()).replace("[", "\\[").replace("]", "\\]") + "]";
            arguments.add(option.value().isEmpty() ? times + option.name() + described
                    : times + option.name() + "=" + described + ":" + colons(option.value().get()) + ":"
                            + action(reference.values(syntax, option)));
        }
        List<Values> values = reference.positionals(syntax);
        for (int i = 0; i < values.size(); i++) {
            Syntax.Positional positional = syntax.positionals().get(i);
            String place = positional.repeated() ? "*" : Integer.toString(i + 1);
            arguments.add(place + ":" + colons(positional.name()) + ":" + action(values.get(i)));
        }
        return "        (" + quoted(name) + ")\n            _arguments \\\n"
                + arguments.stream().map(argument -> "                " + quoted(argument)).collect(Collectors.joining(" \\\n"))
                + "\n            ;;\n";
    }

    private static String action(Values values) {
        Set<String> words = values.words();
        if (words.isEmpty()) {
            return values.files() ? "_files" : " ";
        }
        String list = words.stream().map(word -> quoted(colons(word))).collect(Collectors.joining(" "));
        return "{compadd -- " + list + (values.files() ? "; _files" : "") + "}";
    }

    /** A colon ends a part of an argument's description. */
    private static String colons(String text) {
        return text.replace("\\", "\\\\").replace(":", "\\:");
    }
}
