package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Syntax;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever reads a command's help finds a call to copy. */
class ExamplesTest {
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    /** The syntax of every command in the package, which needs no service for it. */
    static Stream<Syntax> syntaxes() throws URISyntaxException {
        // The tests' own classes are in a package of that name, too.
        File classes = new File(Imagine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        File folder = new File(classes, Imagine.class.getPackageName().replace('.', '/'));
        return Arrays.stream(folder.list((where, name) -> name.endsWith(".class") && !name.contains("$")))
                .map(name -> Imagine.class.getPackageName() + "." + name.replace(".class", ""))
                .map(ExamplesTest::load)
                .filter(type -> Command.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                .map(ExamplesTest::syntax);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Syntax syntax(Class<?> type) {
        Constructor<?> constructor = type.getConstructors()[0];
        try {
            return ((Command) constructor.newInstance(new Object[constructor.getParameterCount()])).syntax();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type + " cannot be made without services", e);
        }
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void everyCommandHasAnExampleThatItUnderstands(Syntax syntax) {
        assertThat(syntax.examples()).as(syntax.command()).isNotEmpty().allSatisfy(example -> {
            List<String> words = WORD.matcher(example.call()).results()
                    .map(word -> word.group(1) == null ? word.group(2) : word.group(1)).toList();
            List<String> command = List.of(syntax.command().split(" "));
            assertThat(words).startsWith(command.toArray(String[]::new));
            assertThatCode(() -> Arguments.parse(syntax, words.subList(command.size(), words.size()), Path.of("")))
                    .doesNotThrowAnyException();
            assertThat(syntax.help()).contains(example.call());
        });
    }

    @ParameterizedTest
    @MethodSource("syntaxes")
    void whatIsSaidOfValuesIsSaidOfAnArgumentThatIsThere(Syntax syntax) {
        List<String> arguments = Stream.concat(syntax.positionals().stream().map(Syntax.Positional::name),
                syntax.options().stream().filter(option -> option.value().isPresent()).map(Syntax.Option::name)).toList();
        assertThat(arguments).containsAll(syntax.choices().keySet());
    }
}
