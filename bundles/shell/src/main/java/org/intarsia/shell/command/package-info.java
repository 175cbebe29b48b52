/**
 * The commands of the scope {@code intarsia}, one class each; {@link org.intarsia.shell.api.Command} says how to add one.
 * <p>
 * Begin with {@link org.intarsia.shell.command.Imagine} for a command that runs a model: it takes its options from
 * {@link org.intarsia.shell.command.ModelOptions}. {@link org.intarsia.shell.command.Backends} is a short one that only reads
 * the engine's state. The commands {@code weights …} have a package of their own.
 */
package org.intarsia.shell.command;
