package org.intarsia.shell.script;

import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;

/**
 * Loops, conditions and the small tools of the interactive shell, for scripts outside of it: a batch command does not start
 * that shell, which alone would register them.
 */
public final class Builtins {
    private static final String SCOPE = "gogo";
    private static final List<String> PROCEDURAL =
            List.of("each", "if", "not", "while", "until", "break", "continue", "try", "throw");
    private static final List<String> POSIX =
            List.of("cat", "cd", "date", "echo", "grep", "head", "ls", "pwd", "sleep", "sort", "tail", "wc");
    private static final List<String> BUILTIN = List.of("bg", "fg", "format", "jobs", "new", "set", "tac", "type");

    private Builtins() {
    }

    /** Makes them known to a processor that does not know them yet. */
    public static void addTo(CommandProcessorImpl processor) {
        if (!processor.getCommands().contains(SCOPE + ":each")) {
            Map.of(new Procedural(), PROCEDURAL, new Posix(processor), POSIX, new Builtin(), BUILTIN)
                    .forEach((owner, names) -> names.forEach(name -> processor.addCommand(SCOPE, owner, name)));
        }
    }
}
