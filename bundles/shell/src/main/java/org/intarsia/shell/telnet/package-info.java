/**
 * The command {@code remote}, by which programs of this machine reach the interactive shell by telnet.
 * <p>
 * Begin with {@link org.intarsia.shell.telnet.Remote}. {@code TelnetShell} listens on the loopback address, and
 * {@code TelnetConnection} runs one interactive shell for each client.
 */
package org.intarsia.shell.telnet;
