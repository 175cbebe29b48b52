package org.intarsia.shell.api;

import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names a {@link Command} component. The annotation becomes the service property {@value #PROPERTY}, by which the shell
 * finds the command without making it.
 */
@ComponentPropertyType
public @interface IntarsiaCommand {
    /** The service property that holds the name; a {@link Command} that is no component is registered with it, too. */
    String PROPERTY = "intarsia.command";

    /**
     * The word that calls the command. Two words of which the first is {@code weights}, as in {@code "weights random"}, add a
     * part to that command.
     */
    String value();
}
