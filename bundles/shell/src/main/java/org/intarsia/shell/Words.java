package org.intarsia.shell;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The words that a command of Gogo is called with. */
final class Words {
    private Words() {
    }

    /** Returns the arguments as text. A list, as Gogo makes it of {@code *.png}, counts as so many words. */
    static List<String> of(List<Object> arguments) {
        return arguments.stream().flatMap(Words::flat).map(String::valueOf).toList();
    }

    private static Stream<?> flat(Object argument) {
        return argument instanceof Collection<?> several ? several.stream().flatMap(Words::flat) : Stream.of(argument);
    }
}
