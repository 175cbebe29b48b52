package org.intarsia.shell.reference;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Vocabulary;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Prints the script by which a shell completes the commands. */
@Component(service = Command.class)
@IntarsiaCommand("completion")
public final class CompletionCommand implements Command {
    private static final String SHELL = "SHELL";
    private static final Map<String, Function<CommandReference, String>> SCRIPTS = new TreeMap<>(
            Map.of("bash", BashScript::of, "zsh", ZshScript::of, "fish", FishScript::of));

    private final Catalogue catalogue;
    private final Vocabulary vocabulary;

    @Activate
    public CompletionCommand(@Reference Catalogue catalogue, @Reference Vocabulary vocabulary) {
        this.catalogue = catalogue;
        this.vocabulary = vocabulary;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("completion", "prints the script by which a shell completes the commands")
                .required(SHELL, String.join(", ", SCRIPTS.keySet()))
                .words(SHELL, SCRIPTS.keySet().toArray(String[]::new))
                .example("completion bash", "a script for ~/.local/share/bash-completion/completions/intarsia");
    }

    @Override
    public Result run(Arguments arguments, Console console) {
        String shell = arguments.text(SHELL);
        String script = SCRIPTS.get(shell).apply(CommandReference.of(catalogue, vocabulary)).stripTrailing();
        return new Result(new Script(shell, script), script);
    }

    /**
     * The result of {@code --json}.
     *
     * @param shell the shell that reads the script
     * @param script its text
     */
    public record Script(String shell, String script) {
    }
}
