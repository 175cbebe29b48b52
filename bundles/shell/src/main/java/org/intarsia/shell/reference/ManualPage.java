package org.intarsia.shell.reference;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.api.Syntax;

/** The manual page {@code intarsia(1)} in the macros of man. It has no date, so that equal commands make equal pages. */
final class ManualPage {
    private static final String INTRODUCTION = """
            .SH SYNOPSIS
            .B intarsia
            .I COMMAND
            .RI [ ARGUMENT ]\\[u2026]
            .br
            .B intarsia
            .SH DESCRIPTION
            Intarsia runs and trains mixed-modal transformers: text and pictures go in, text and new pictures come out.
            .B intarsia
            with a command runs that command and ends with its status. Without one it opens the interactive shell, where every command is
            a command of Gogo.
            .SH COMMANDS
            """;
    private static final String STATUS = """
            .SH EXIT STATUS
            .TP
            0
            The work is done.
            .TP
            1
            It failed. One line on standard error says what was wrong, and what mends it.
            .TP
            2
            The command was called wrongly.
            .TP
            130
            It was interrupted.
            """;
    /** The environment variables of the launcher, which docs/settings.md lists with all others. */
    private static final Map<String, String> VARIABLES = new TreeMap<>(Map.of(
            "INTARSIA_DEPLOY", "The folder of bundles that were installed, and of configuration files.",
            "INTARSIA_JAVA_OPTS", "More options for the JVM, such as -Xmx8g.",
            "INTARSIA_TOKEN", "What clients of serve must send as Authorization: Bearer.",
            "JAVA_HOME", "A JDK 25, where Intarsia has no runtime of its own.",
            "XDG_CACHE_HOME", "The folder of caches; ~/.cache where not set.",
            "XDG_DATA_HOME", "Has the deploy folder where Intarsia's own folder cannot be written; ~/.local/share where not set."));

    /** Options that every syntax has; the page explains them once. */
    private static final Set<String> COMMON = Set.of(Syntax.JSON, Syntax.VERBOSE, Syntax.HELP);

    private ManualPage() {
    }

    /** Returns the page of the commands of a reference. */
    static String of(CommandReference reference, String version) {
        StringBuilder page = new StringBuilder(".TH INTARSIA 1 \"\" ").append(quoted("Intarsia " + version)).append(" \"User Commands\"\n");
        page.append(".SH NAME\nintarsia \\- run and train mixed-modal transformers\n").append(INTRODUCTION);
        reference.syntaxes().values().forEach(syntax -> append(page, syntax));
        page.append(".SS Options of every command\n");
        reference.syntaxes().values().stream().flatMap(syntax -> syntax.options().stream()).filter(ManualPage::isCommon).distinct()
                .forEach(option -> append(page, option));
        page.append(".SS In the interactive shell\n");
        new TreeMap<>(Catalogue.IN_THE_SHELL).forEach((name, summary) -> appendItem(page, name, summary));
        page.append(STATUS).append(".SH ENVIRONMENT\n");
        VARIABLES.forEach((name, effect) -> appendItem(page, name, effect));
        return page.toString();
    }

    private static void append(StringBuilder page, Syntax syntax) {
        page.append(".SS ").append(quoted(syntax.usage() + " [OPTION]…")).append('\n');
        appendText(page, sentence(syntax.summary()));
        syntax.positionals().forEach(positional -> appendItem(page, positional.name(), positional.description()));
        syntax.options().stream().filter(option -> !isCommon(option)).forEach(option -> append(page, option));
        if (!syntax.examples().isEmpty()) {
            page.append(".PP\nExamples:\n");
            syntax.examples().forEach(example -> appendItem(page, "intarsia " + example.call(), example.meaning()));
        }
    }

    private static void append(StringBuilder page, Syntax.Option option) {
        appendItem(page, option.toString(), option.description() + (option.repeated() ? " (may be given more than once)" : ""));
    }

    private static boolean isCommon(Syntax.Option option) {
        return COMMON.contains(option.name());
    }

    private static void appendItem(StringBuilder page, String what, String description) {
        page.append(".TP\n.B ").append(quoted(what)).append('\n');
        appendText(page, description);
    }

    private static void appendText(StringBuilder page, String text) {
        String escaped = escaped(text);
        // A line that begins so would be a request.
        page.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "").append(escaped).append('\n');
    }

    /** An argument of a macro, where a quote is doubled. */
    private static String quoted(String text) {
        return '"' + escaped(text).replace("\"", "\"\"") + '"';
    }

    private static String sentence(String summary) {
        return summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1) + '.';
    }

    /** Text as roff shows it: hyphens that can be copied, and letters beyond ASCII by their numbers. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.replace('\n', ' ').codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '~' -> escaped.append("\\(ti");
                case '^' -> escaped.append("\\(ha");
                case '`' -> escaped.append("\\(ga");
                case '\'' -> escaped.append("\\(aq");
                default -> escaped.append(c < 128 ? Character.toString(c) : String.format(Locale.ROOT, "\\[u%04X]", c));
            }
        });
        return escaped.toString();
    }
}
