package org.intarsia.shell.interactive;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Vocabulary;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Gogo function {@code shell:interactive}, with which the profile of a session ends: lines are read by
 * {@link InteractiveShell} then, in place of Gogo's own loop. The platform stops with the shell of the terminal that it was
 * started from.
 */
@Component(service = InteractiveSetup.class, property = {
        CommandProcessor.COMMAND_SCOPE + "=shell", CommandProcessor.COMMAND_FUNCTION + "=interactive"})
public final class InteractiveSetup {
    /** Variable of a session whose shell somebody else runs, once the profile is done. */
    public static final String REMOTE = ".intarsia.remote";

    private static final Logger LOGGER = LoggerFactory.getLogger(InteractiveSetup.class);

    private final Bundle framework;
    private final CommandProcessor processor;
    private final Catalogue catalogue;
    private final Vocabulary vocabulary;

    @Activate
    public InteractiveSetup(BundleContext context, @Reference CommandProcessor processor, @Reference Catalogue catalogue,
            @Reference Vocabulary vocabulary) {
        // Not the context: the shell's own bundle may be stopped before the last line was read.
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        this.processor = processor;
        this.catalogue = catalogue;
        this.vocabulary = vocabulary;
    }

    /** Called by Gogo. */
    public void interactive(CommandSession session) {
        InteractiveShell shell = new InteractiveShell(processor, session, new Completions(session, catalogue, vocabulary));
        session.put(InteractiveShell.VARIABLE, shell);
        if (session.get(REMOTE) == null) {
            Thread.ofPlatform().name("Intarsia shell").start(() -> {
                shell.run();
                stop();
            });
        }
    }

    private void stop() {
        try {
            framework.stop();
        } catch (BundleException | IllegalStateException e) {
            LOGGER.error("the platform does not stop", e);
        }
    }
}
