package org.intarsia.shell.reference;

import static org.intarsia.shell.reference.CommandReference.quoted;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.reference.CommandReference.Values;

/** The completion script of bash (4.3 and later): one function, and what it must know of each command. */
final class BashScript {
    private static final String FILES = "@files";
    private static final String BEGIN = """
            # Completes the commands of intarsia in bash. Made by `intarsia completion bash`.
            _intarsia() {
                local word=${COMP_WORDS[COMP_CWORD]} part
                local -a before=()
                # Bash cuts words at equals signs; --option=value is then read like --option value.
                for part in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    [[ $part == "=" ]] || before+=("$part")
                done
                [[ $word == "=" ]] && word=
                local name='' options='' repeatable='' valued='' repeats=''
                local -A values=()
                local -a positionals=()
                if ((${#before[@]})); then
                    name=${before[0]}
                    before=("${before[@]:1}")
                    case "$name ${before[0]-}" in
                        %s)
                            name+=" ${before[0]}"
                            before=("${before[@]:1}")
                            ;;
                    esac
                fi
                case $name in
            """;
    private static final String END = """
                esac
                local given open='' plain='' count=0 offered=''
                for given in "${before[@]}"; do
                    if [[ $open ]]; then
                        open=
                    elif [[ ! $plain && $given == -- ]]; then
                        plain=yes
                    elif [[ ! $plain && " $options " == *" $given "* ]]; then
                        [[ " $valued " == *" $given "* ]] && open=$given
                        if [[ " $repeatable " != *" $given "* ]]; then
                            options=" $options "
                            options=${options/ $given / }
                        fi
                    else
                        ((count += 1))
                    fi
                done
                if [[ $open ]]; then
                    offered=${values[$open]}
                elif [[ ! $plain && $word == -* ]]; then
                    offered=$options
                elif ((count < ${#positionals[@]})); then
                    offered=${positionals[count]}
                elif [[ $repeats ]]; then
                    offered=${positionals[-1]}
                elif [[ ! $plain ]]; then
                    offered=$options
                fi
                local -a candidates
                local candidate
                read -ra candidates <<<"$offered"
                COMPREPLY=()
                for candidate in "${candidates[@]}"; do
                    if [[ $candidate == @files ]]; then
                        compopt -o filenames
                        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
                    elif [[ $candidate == "$word"* ]]; then
                        COMPREPLY+=("$candidate")
                    fi
                done
            }
            complete -F _intarsia intarsia
            """;

    private BashScript() {
    }

    /** Returns the script for the commands of a reference. */
    static String of(CommandReference reference) {
        StringBuilder script = new StringBuilder(BEGIN.replace("%s", reference.taskPattern(" | ")));
        script.append("        '')\n            positionals=(").append(quoted(reference.commands().stream().map(Syntax::command)
                .collect(Collectors.joining(" ")))).append(")\n            ;;\n");
        reference.syntaxes().forEach((name, syntax) -> script.append(branch(reference, name, syntax)));
        return script.append(END).toString();
    }

    private static String branch(CommandReference reference, String name, Syntax syntax) {
        StringBuilder branch = new StringBuilder("        ").append(quoted(name)).append(")\n");
        branch.append("            options=").append(quoted(options(syntax.options().stream()))).append('\n');
        String repeatable = options(syntax.options().stream().filter(Syntax.Option::repeated));
        branch.append("            repeatable=").append(quoted(repeatable)).append('\n');
        List<Syntax.Option> valued = syntax.options().stream().filter(option -> option.value().isPresent()).toList();
        branch.append("            valued=").append(quoted(options(valued.stream()))).append('\n');
        valued.forEach(option -> branch.append("            values[").append(option.name()).append("]=")
                .append(quoted(offered(reference.values(syntax, option)))).append('\n'));
        String positionals = reference.positionals(syntax).stream().map(values -> quoted(offered(values))).collect(Collectors.joining(" "));
        branch.append("            positionals=(").append(positionals).append(")\n");
        if (!syntax.positionals().isEmpty() && syntax.positionals().getLast().repeated()) {
            branch.append("            repeats=yes\n");
        }
        return branch.append("            ;;\n").toString();
    }

    private static String options(Stream<Syntax.Option> options) {
        return options.map(Syntax.Option::name).collect(Collectors.joining(" "));
    }

    private static String offered(Values values) {
        Stream<String> files = values.files() ? Stream.of(FILES) : Stream.of();
        return Stream.concat(values.words().stream(), files).collect(Collectors.joining(" "));
    }
}
