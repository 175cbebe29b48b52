package org.intarsia.shell.interactive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Vocabulary;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.script.Script;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the names of commands, the arguments of ours, and the names of files. */
final class Completions implements Completer {
    private static final String OPTIONS = "options";

    private final CommandSession session;
    private final Catalogue catalogue;
    private final Vocabulary vocabulary;
    private final Completer files;

    Completions(CommandSession session, Catalogue catalogue, Vocabulary vocabulary) {
        this.session = session;
        this.catalogue = catalogue;
        this.vocabulary = vocabulary;
        this.files = new Completers.FilesCompleter(session::currentDir);
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line instanceof LineParser.Line parsed && parsed.redirected()) {
            files.complete(reader, line, candidates);
        } else if (line.wordIndex() == 0) {
            names(line.word()).forEach((name, summary) ->
                    candidates.add(new Candidate(name, name, null, summary.isEmpty() ? null : summary, null, null, true)));
        } else if (!arguments(reader, line, candidates)) {
            files.complete(reader, line, candidates);
        }
    }

    /** Returns the candidates for a first word: the commands that help lists, and all others once a letter is typed. */
    private Map<String, String> names(String word) {
        Map<String, String> names = catalogue.summaries();
        names.putAll(Catalogue.IN_THE_SHELL);
        if (!word.isEmpty()) {
            Script.commands(session).forEach(name -> names.putIfAbsent(name, ""));
        }
        return names;
    }

    private boolean arguments(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String scope = Command.SCOPE + ":";
        String called = line.words().getFirst();
        String name = called.startsWith(scope) ? called.substring(scope.length()) : called;
        Optional<Command> command = catalogue.names().contains(name) ? catalogue.running(name) : Optional.empty();
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
