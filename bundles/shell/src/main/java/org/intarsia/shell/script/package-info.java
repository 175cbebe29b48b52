/**
 * Runs text in Gogo's language, for scripts, for the lines of the interactive shell, and for commands that take a script.
 * <p>
 * Begin with {@link org.intarsia.shell.script.Script}. It splits a text into {@link org.intarsia.shell.script.Statement}s,
 * whose quotes {@link org.intarsia.shell.script.Quoting} writes as Gogo reads them, and runs them one by one.
 * {@link org.intarsia.shell.script.ShieldedChannels} keeps the streams of a session open when a command is interrupted, and
 * {@link org.intarsia.shell.script.Builtins} adds Gogo's loops and small tools where no interactive shell has added them.
 */
package org.intarsia.shell.script;
