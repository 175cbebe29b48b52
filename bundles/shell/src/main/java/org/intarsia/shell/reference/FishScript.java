package org.intarsia.shell.reference;

import java.util.LinkedHashSet;
import java.util.Set;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.reference.CommandReference.Values;

/** The completion script of fish. Fish does not count positional arguments, so it offers the values of all of them. */
final class FishScript {
    private static final String BEGIN = """
            # Completes the commands of intarsia in fish. Made by `intarsia completion fish`.
            function __intarsia_calls
                set -l words (commandline -opc)
                set -l last (math 1 + (count $argv))
                test "$words[2..$last]" = "$argv"
            end
            complete -c intarsia -f
            """;

    private FishScript() {
    }

    /** Returns the script for the commands of a reference. */
    static String of(CommandReference reference) {
        StringBuilder script = new StringBuilder(BEGIN);
        reference.commands().forEach(syntax -> script.append("complete -c intarsia -n 'test (count (commandline -opc)) -eq 1' -a ")
                .append(quoted(syntax.command())).append(" -d ").append(quoted(syntax.summary())).append('\n'));
        reference.syntaxes().forEach((name, syntax) -> script.append(lines(reference, name, syntax)));
        return script.toString();
    }

    private static String lines(CommandReference reference, String name, Syntax syntax) {
        StringBuilder lines = new StringBuilder();
        String begin = "complete -c intarsia -n " + quoted("__intarsia_calls " + name);
        Set<String> words = new LinkedHashSet<>();
        boolean files = false;
        for (Values values : reference.positionals(syntax)) {
            words.addAll(values.words());
            files |= values.files();
        }
        if (!words.isEmpty() || files) {
            lines.append(begin).append(offered(new Values(words, files))).append('\n');
        }
        for (Syntax.Option option : syntax.options()) {
            lines.append(begin).append(" -l ").append(option.name().substring("--".length()));
            if (option.value().isPresent()) {
                lines.append(" -r").append(offered(reference.values(syntax, option)));
            }
            lines.append(" -d ").append(quoted(option.description())).append('\n');
        }
        return lines.toString();
    }

    private static String offered(Values values) {
        return (values.files() ? " -F" : " -f") + (values.words().isEmpty() ? "" : " -a " + quoted(String.join(" ", values.words())));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
