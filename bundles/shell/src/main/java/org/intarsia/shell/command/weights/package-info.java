/**
 * The commands that begin with {@code weights}: each looks into checkpoints, compares them, or writes them anew.
 * <p>
 * Begin with {@link org.intarsia.shell.command.weights.WeightsCommand}, which finds the others as services and hands the
 * words of a call on to them. The work itself is done by {@link org.intarsia.weights.tool} and by the engine.
 */
package org.intarsia.shell.command.weights;
