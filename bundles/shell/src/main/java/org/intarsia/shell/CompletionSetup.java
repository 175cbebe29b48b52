package org.intarsia.shell;

import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Syntax;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.LineReaderImpl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Completes the arguments of our commands in an interactive session that asks for it, by the Gogo function
 * {@code shell:completion}, as the profile of the shell does. All else, the names of commands too, completes as before.
 */
@Component(service = CompletionSetup.class, property = {
        CommandProcessor.COMMAND_SCOPE + "=shell", CommandProcessor.COMMAND_FUNCTION + "=completion"})
public final class CompletionSetup {
    private static final String OPTIONS = "options";

    private final Catalogue catalogue;
    private final Vocabulary vocabulary;

    /** Made by Declarative Services. */
    @Activate
    public CompletionSetup(@Reference Catalogue catalogue, @Reference Vocabulary vocabulary) {
        this.catalogue = catalogue;
        this.vocabulary = vocabulary;
    }

    /** Called by Gogo: completes in the line reader of this session from now on. */
    public void completion(CommandSession session) {
        LineReaderImpl reader = (LineReaderImpl) Shell.getReader(session);
        Completer others = reader.getCompleter();
        Completer files = new Completers.FilesCompleter(session::currentDir);
        reader.setCompleter((line, parsed, candidates) -> {
            if (!complete(line, parsed, candidates, files)) {
                others.complete(line, parsed, candidates);
            }
        });
    }

    private boolean complete(LineReader reader, ParsedLine line, List<Candidate> candidates, Completer files) {
        String scope = Command.SCOPE + ":";
        String called = line.words().getFirst();
        String name = called.startsWith(scope) ? called.substring(scope.length()) : called;
        Optional<Command> command = line.wordIndex() > 0 && catalogue.names().contains(name)
                ? catalogue.running(name) : Optional.empty();
        if (command.isEmpty()) {
            return false;
        }
        List<String> words = line.words().subList(1, line.wordIndex());
        Command chosen = command.get().chosen(words);
        Completion completion = Completion.at(chosen.syntax(),
                chosen == command.get() ? words : words.subList(1, words.size()), line.word());
        completion.options().forEach(option -> candidates.add(new Candidate(option.name(), option.name(), OPTIONS,
                option.description(), null, null, true)));
        completion.value().ifPresent(choice -> {
            vocabulary.names(choice).forEach(value -> candidates.add(new Candidate(completion.prefix() + value, value, null,
                    null, null, null, true)));
            if (choice.kind() == Syntax.Kind.FILE && completion.prefix().isEmpty()) {
                files.complete(reader, line, candidates);
            }
        });
        return true;
    }
}
