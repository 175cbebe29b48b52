/**
 * The manual page and the completion scripts of the system's shells, generated from the syntaxes of the commands.
 * <p>
 * {@link org.intarsia.shell.reference.CommandReference} gathers the syntaxes. {@code BashScript}, {@code ZshScript} and
 * {@code FishScript} write them for one shell each, {@code ManualPage} for {@code man}. All are pure functions of the
 * reference. To add a shell, write such a class and name it in {@link org.intarsia.shell.reference.CompletionCommand}.
 */
package org.intarsia.shell.reference;
