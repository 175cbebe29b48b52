/**
 * The shell: finds the commands that bundles bring ({@link org.intarsia.shell.api.Command}) and runs them, for the launcher
 * and in Gogo.
 * <p>
 * {@link org.intarsia.shell.Catalogue} knows all commands by the descriptions of their components, so none is made before it
 * is called, and one that waits for a service is listed, too. {@link org.intarsia.shell.Entry} runs one for the launcher;
 * {@link org.intarsia.shell.GogoCommands} makes each a function of Gogo, which no command knows of. Whatever a command throws
 * becomes one sentence ({@link org.intarsia.shell.Failure}).
 * <p>
 * In Gogo a command gives its typed value: {@code each (backends) { echo ($it name) }} loops over it, {@code (models) size}
 * asks it, and {@code components | grep cpu} reads its text. {@link org.intarsia.shell.ResultConverter} shows people the text.
 * <p>
 * The commands themselves are in {@code org.intarsia.shell.command}. {@code org.intarsia.shell.script} runs text in Gogo's
 * language, {@code org.intarsia.shell.interactive} reads it from a terminal, and {@code org.intarsia.shell.telnet} from a
 * connection. {@code org.intarsia.shell.reference} writes the syntaxes of the commands for the system's shells and for man.
 * <p>
 * The shell needs the engine and Gogo's interfaces. EventAdmin, Gogo's implementation classes (scripts) and the interactive
 * shell are used where they are there.
 */
package org.intarsia.shell;
