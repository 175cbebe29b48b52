/**
 * What a command of the shell is: begin with {@link org.intarsia.shell.api.Command}.
 * <p>
 * A new command is one class, in any bundle:
 * <ol>
 * <li>{@link org.intarsia.shell.api.Syntax} declares its arguments; wrong calls are refused before {@code run}, with the
 * nearest right name, and end with status 2. {@code --json}, {@code --verbose} and {@code --help} come by themselves.
 * <li>{@link org.intarsia.shell.api.Arguments} gives them, typed and in range; paths are resolved against the caller's
 * folder. A rule that the syntax cannot express is refused with {@code throw arguments.wrong("…")}.
 * {@link org.intarsia.shell.api.PlacementOptions} are the options that commands share which run a model.
 * <li>{@code .values("--backend", Kind.BACKEND)} says what the values of an argument are, and the interactive shell
 * completes them; {@code .words("WHAT", …)} lists those that there are. At least one {@code .example(…)} shows a call that
 * works: a test reads it.
 * <li>{@link org.intarsia.shell.api.Result} is what it returns: a record, list or map for scripts and {@code --json}, and
 * text for people.
 * <li>Long work shows {@link org.intarsia.shell.api.Progress} from {@code console.progress()}, in a
 * {@code try (…)}; text that streams goes to {@code console.out()}. Ctrl-C interrupts its thread: it then ends soon with a
 * {@link java.util.concurrent.CancellationException}, whose message says what was written.
 * <li>Whatever it throws becomes one line on standard error and status 1, so the message of a domain exception is a whole
 * sentence that names what is wrong and what mends it.
 * </ol>
 * Commands hold no logic: they read arguments, call a service, and put the answer into words.
 *
 * <h2>A bundle that brings commands</h2>
 * A command stands in the bundle of the service that it calls. This package is a bundle of its own that needs {@code org.intarsia.text}
 * alone, not even a shell, so its import costs such a bundle nothing, and it is a mandatory one. An optional import would save one small
 * jar, but where the shell is installed later the bundle would have to be refreshed before its commands work; a dynamic one
 * hides the services from the shell until their classes are loaded.
 * <p>
 * Without a shell nobody asks for the service, so Declarative Services never loads the class of a command. With one, it
 * does when the command is first called, completed or explained.
 */
@Export
@Version("1.0.0")
package org.intarsia.shell.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
