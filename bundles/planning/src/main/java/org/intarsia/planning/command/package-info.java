/**
 * The commands {@code plan} and {@code weights random}. Nothing else here uses them; a shell finds them as services, see
 * {@link org.intarsia.shell.api}.
 */
package org.intarsia.planning.command;
