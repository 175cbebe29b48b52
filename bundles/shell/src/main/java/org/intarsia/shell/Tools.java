package org.intarsia.shell;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.intarsia.shell.api.UsageException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Gogo's tools, called with each file that a pattern such as {@code *.png} stands for, and with our sentences
 * about what goes wrong. They take precedence over Gogo's own, which take all files of a pattern for one name.
 */
@Component(immediate = true, service = Tools.class)
public final class Tools {
    private static final String SCOPE = "gogo";
    private static final List<String> NAMES = List.of("cat", "cd", "grep", "head", "less", "ls", "sleep", "sort", "tail", "wc");

    @Activate
    public Tools(BundleContext context, @Reference CommandProcessor processor) {
        for (String name : NAMES) {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put(CommandProcessor.COMMAND_SCOPE, SCOPE);
            properties.put(CommandProcessor.COMMAND_FUNCTION, name);
            properties.put(Constants.SERVICE_RANKING, 1);
            // Ends with this bundle; Gogo's classes are looked for only when a tool is called.
            context.registerService(Function.class, (session, arguments) ->
                    RunningCommands.run(() -> call(processor, session, name, arguments)), properties);
        }
    }

    static Object call(CommandProcessor processor, CommandSession session, String name, List<Object> arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(name));
        words.addAll(Words.of(arguments));
        return new Tool(processor).call(session, words);
    }

    /** Gogo's tools themselves. */
    private static final class Tool extends Posix {
        Tool(CommandProcessor processor) {
            super(processor);
        }

        Object call(CommandSession session, List<String> words) throws Exception {
            try {
                if (words.getFirst().equals("ls")) {
                    checkFiles(session, words.subList(1, words.size()));
                }
                return run(session, Process.Utils.current(), words.toArray(String[]::new));
            } catch (HelpException e) {
                Process.Utils.current().out().println(e.getMessage());
                return null;
            } catch (IllegalArgumentException e) {
                throw new UsageException(words.getFirst() + ": " + e.getMessage());
            }
        }

        /** Gogo's ls says nothing of a file that is not there. */
        private static void checkFiles(CommandSession session, List<String> words) throws NoSuchFileException {
            for (String word : words) {
                if (!word.startsWith("-")
                        && !Files.exists(session.currentDir().resolve(word), LinkOption.NOFOLLOW_LINKS)) {
                    throw new NoSuchFileException(word);
                }
            }
        }
    }
}
