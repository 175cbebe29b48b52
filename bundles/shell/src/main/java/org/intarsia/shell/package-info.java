/**
 * What a command is: begin with {@link org.intarsia.shell.Command}.
 * <p>
 * A new command is one class in {@code org.intarsia.shell.command}:
 * <ol>
 * <li>{@link org.intarsia.shell.Syntax} declares its arguments; wrong calls are refused before {@code run}, with the
 * nearest right name, and end with status 2. {@code --json}, {@code --verbose} and {@code --help} come by themselves.
 * <li>{@link org.intarsia.shell.Arguments} gives them, typed and in range; paths are resolved against the caller's
 * folder. A rule that the syntax cannot express is refused with {@code throw arguments.wrong("…")}.
 * <li>{@code .values("--backend", Kind.BACKEND)} says what the values of an argument are, and
 * {@link org.intarsia.shell.InteractiveSetup} completes them; {@code .words("WHAT", …)} lists those that there are. At
 * least one {@code .example(…)} shows a call that works: a test reads it.
 * <li>{@link org.intarsia.shell.Result} is what it returns: a record, list or map for scripts and {@code --json}, and text
 * for people.
 * <li>Long work shows {@link org.intarsia.shell.Progress} from {@code console.progress()}, in a
 * {@code try (…)}; text that streams goes to {@code console.out()}. Ctrl-C interrupts its thread: it then ends soon with a
 * {@link java.util.concurrent.CancellationException}, whose message says what was written.
 * <li>Whatever it throws becomes one line on standard error and status 1 ({@code Failure}), so the message of a domain
 * exception is a whole sentence that names what is wrong and what mends it.
 * </ol>
 * In Gogo a command gives its typed value: {@code each (backends) { echo ($it name) }} loops over it, {@code (models) size}
 * asks it, and {@code components | grep cpu} reads its text. {@link org.intarsia.shell.ResultConverter} shows people the text.
 * <p>
 * Commands hold no logic: they read arguments, call a service, and put the answer into words.
 */
package org.intarsia.shell;
