/**
 * The interactive shell: reads lines, completes words, and shows what each line gives.
 * <p>
 * Begin with {@link org.intarsia.shell.interactive.InteractiveSetup}, which Gogo calls for each session. It makes an
 * {@link org.intarsia.shell.interactive.InteractiveShell}; {@code LineParser} splits its lines into words, and
 * {@code Completions} completes them. Only this package and {@code org.intarsia.shell.telnet} need JLine.
 */
package org.intarsia.shell.interactive;
