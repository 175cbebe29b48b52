package org.intarsia.shell.command;

import org.intarsia.shell.Command;

/**
 * What follows the word {@code weights}. A further one is a class like the others, registered as a component
 * {@code @Component(service = WeightsTask.class)}: its syntax is named {@code weights WORD}, and {@link WeightsCommand} finds
 * it by that word.
 */
interface WeightsTask extends Command {
    /** The name of all such syntaxes, with a space behind it. */
    String PREFIX = WeightsCommand.NAME + " ";

    /** The word that chooses it. */
    default String word() {
        return syntax().command().substring(PREFIX.length());
    }
}
