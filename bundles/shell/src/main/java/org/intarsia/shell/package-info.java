/**
 * What a command is: begin with {@link org.intarsia.shell.Command}.
 * <p>
 * A new command is one class in {@code org.intarsia.shell.command}:
 * <ol>
 * <li>{@link org.intarsia.shell.Syntax} declares its arguments; wrong calls are refused before {@code run}, with the
 * nearest right name, and end with status 2. {@code --json}, {@code --verbose} and {@code --help} come by themselves.
 * <li>{@link org.intarsia.shell.Arguments} gives them, typed and in range; paths are resolved against the caller's
 * folder. A rule that the syntax cannot express is refused with {@code throw arguments.wrong("…")}.
 * <li>{@link org.intarsia.shell.Result} is what it returns: a record for {@code --json}, and text for people.
 * <li>Long work shows {@link org.intarsia.shell.Progress} from {@code console.progress()}, in a
 * {@code try (…)}; text that streams goes to {@code console.out()}.
 * <li>Whatever it throws becomes one line on standard error and status 1 ({@code Failure}), so the message of a domain
 * exception is a whole sentence that names what is wrong and what mends it.
 * </ol>
 * Commands hold no logic: they read arguments, call a service, and put the answer into words.
 */
package org.intarsia.shell;
