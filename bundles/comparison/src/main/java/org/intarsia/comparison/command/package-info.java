/**
 * The command {@code compare}. Nothing else here uses it; a shell finds it as a service, see
 * {@link org.intarsia.shell.api}.
 */
package org.intarsia.comparison.command;
