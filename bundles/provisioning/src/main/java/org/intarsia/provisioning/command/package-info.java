/**
 * The commands {@code install}, {@code update}, {@code uninstall}, {@code start} and {@code stop}. Nothing else here uses them;
 * a shell finds them as services, see {@link org.intarsia.shell.api}.
 */
package org.intarsia.provisioning.command;
