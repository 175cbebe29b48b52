package org.intarsia.shell.api;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A command that is made of several. The names of the others have this one's in front: {@code weights convert} is a part of
 * {@code weights}, and the word {@code convert} behind {@code weights} chooses it.
 */
@ConsumerType
public interface CommandGroup extends Command {

    /** The commands that this one is made of; they may come and go as services. */
    List<Command> parts();

    /** The part that the first word names; this command where it names none. */
    @Override
    default Command chosen(List<String> words) {
        String name = syntax().command() + " ";
        return words.stream().findFirst()
                .flatMap(word -> parts().stream().filter(part -> part.syntax().command().equals(name + word)).findFirst()).orElse(this);
    }

    /** Hands the other words to the part that the first one names. */
    @Override
    default Object call(List<String> words, Path folder, Console console) throws Exception {
        Command chosen = chosen(words);
        return chosen == this ? Command.super.call(words, folder, console) : chosen.call(words.subList(1, words.size()), folder, console);
    }
}
