/** The commands of the scope {@code intarsia}, one class each; {@link org.intarsia.shell.api.Command} says how to add one. */
package org.intarsia.shell.command;
