package org.intarsia.shell.api;

import java.nio.file.Path;
import java.util.List;
import org.intarsia.text.Quoted;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One command of the scope {@code intarsia}.
 * <p>
 * Implement {@link #syntax()} and {@link #run}, and register the class as a component; it is then a Gogo command and
 * a command of the launcher at once:
 * {@snippet :
 * @Component(service = Command.class)
 * @IntarsiaCommand("backends")
 * public final class Backends implements Command { … }
 * }
 * The component is made when the command is first called. References that it cannot work without are mandatory ones:
 * while one is missing, the launcher says which.
 */
@ConsumerType
public interface Command {
    /** The scope of all commands: {@code intarsia:backends} is one even where another shell has a command of that name. */
    String SCOPE = "intarsia";

    /** What the command may be called with. */
    Syntax syntax();

    /** The command that some first words of a call choose: itself, unless it is made of several. */
    default Command chosen(List<String> words) {
        return this;
    }

    /**
     * Does the work.
     *
     * @param arguments the call, checked against the syntax
     * @param console where progress and streamed text go; the result is not printed here but returned
     * @return the result, which the caller prints as {@code --json} asks
     * @throws UsageException where the command was called wrongly (status 2)
     * @throws java.util.concurrent.CancellationException where the thread was interrupted (Ctrl-C, status 130); the message
     *     says what is there
     * @throws Exception where it failed; the message is shown to the user, so it is one clear sentence (status 1)
     */
    Result run(Arguments arguments, Console console) throws Exception;

    /**
     * Reads the words and runs the command.
     *
     * @param words what follows the command's name, taken literally
     * @param folder the folder that relative paths are resolved against
     * @param console where the command reads and writes
     * @return the {@link Result}, or the text that was asked for instead: its JSON line, or the help
     * @throws Exception as {@link #run}, or where the result is a failure, once it is printed
     */
    default Object call(List<String> words, Path folder, Console console) throws Exception {
        Arguments arguments = Arguments.parse(syntax(), words, folder);
        if (arguments.flag(Syntax.HELP)) {
            return syntax().help();
        }
        Result result;
        try {
            result = run(arguments, console);
        } catch (Exception e) {
            throw Interrupts.explained(e);
        }
        Object shown = arguments.flag(Syntax.JSON) ? Json.line(result.value()) : result;
        if (result.failure().isPresent()) {
            console.out().println(Quoted.lines(shown.toString()));
            throw new FailedResult(result.failure().get());
        }
        return shown;
    }
}
