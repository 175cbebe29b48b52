package org.intarsia.shell.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    private static final Path FOLDER = Path.of("/caller");
    private static final Syntax SYNTAX = Syntax.of("imagine", "makes a picture")
            .required("TEXT", "what it shows")
            .optional("STYLE", "how it is painted")
            .repeated("--image", "FILE", "a picture to begin with")
            .option("--out", "FILE", "where it goes")
            .option("--seed", "N", "where chance begins")
            .option("--guidance", "G", "how closely")
            .flag("--quick", "fewer steps");

    @Test
    void readsOptionsAnywhereInBothForms() throws UsageException {
        Arguments arguments = parse("--image", "a.png", "a red star", "--image=b.png", "--quick", "--seed", "-7");

        assertThat(arguments.text("TEXT")).isEqualTo("a red star");
        assertThat(arguments.value("STYLE")).isEmpty();
        assertThat(arguments.paths("--image")).containsExactly(FOLDER.resolve("a.png"), FOLDER.resolve("b.png"));
        assertThat(arguments.path("--out")).isEmpty();
        assertThat(arguments.flag("--quick")).isTrue();
        assertThat(arguments.flag(Syntax.JSON)).isFalse();
        assertThat(arguments.integer("--seed")).hasValue(-7);
        assertThat(arguments.integer("--seed", 1, -10, 10)).isEqualTo(-7);
        assertThat(arguments.decimal("--guidance", 3.5, 0, 10)).isEqualTo(3.5);
    }

    @Test
    void takesEveryLetterLiterally() throws UsageException {
        for (String text : List.of("ein \"grüner\" Stern", "$HOME {x} [y] (z) | ; 'q' \\", "a=b", "-5 Grad", "", "x\ny")) {
            assertThat(parse(text).text("TEXT")).isEqualTo(text);
            assertThat(parse("t", "--out", text).value("--out")).hasValue(text);
        }
        assertThat(parse("--", "--quick").text("TEXT")).isEqualTo("--quick");
        assertThat(parse("t", "--out", "--quick").value("--out")).hasValue("--quick");
    }

    @Test
    void helpNeedsNothingElse() throws UsageException {
        assertThat(parse("--help").flag(Syntax.HELP)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | TEXT is missing; usage: imagine TEXT [STYLE]
            a b c                     | one argument too many, 'c'; usage: imagine TEXT [STYLE] (a text of several words stands in quotes)
            t --ot x                  | unknown option --ot; did you mean --out?
            t --colour                | unknown option --colour
            t --out                   | --out needs a value: --out FILE
            t --out a --out b         | --out may be given only once
            t --quick=yes             | --quick takes no value
            """)
    void refusesWhatDoesNotFit(String words, String reason) {
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse(words.isEmpty() ? new String[0] : words.split(" ")))
                .withMessage("imagine: " + reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1.5  | --seed takes an integer, not '1.5'
            11   | --seed takes an integer from 0 to 10, not 11
            99999999999999999999 | --seed takes an integer from -9223372036854775808 to 9223372036854775807, not 99999999999999999999
            """)
    void refusesIntegersOutOfRange(String value, String reason) throws UsageException {
        Arguments arguments = parse("t", "--seed", value);
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> arguments.integer("--seed", 0, 0, 10))
                .withMessage("imagine: " + reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            much | --guidance takes a number, not 'much'
            NaN  | --guidance takes a number from 0 to 10, not NaN
            -1   | --guidance takes a number from 0 to 10, not -1
            """)
    void refusesNumbersOutOfRange(String value, String reason) throws UsageException {
        Arguments arguments = parse("t", "--guidance", value);
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> arguments.decimal("--guidance", 0, 0, 10))
                .withMessage("imagine: " + reason);
    }

    @Test
    void aNameThatTheSyntaxDoesNotDeclareIsABug() throws UsageException {
        Arguments arguments = parse("t");
        assertThatIllegalArgumentException().isThrownBy(() -> arguments.value("--height"));
    }

    @Test
    void takesAnyNumberOfRepeatedPositionals() throws UsageException {
        Syntax syntax = Syntax.of("preprocess", "prepares pictures").oneOrMore("FILE", "a picture");

        assertThat(Arguments.parse(syntax, List.of("a", "b", "c"), FOLDER).values("FILE")).containsExactly("a", "b", "c");
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> Arguments.parse(syntax, List.of(), FOLDER))
                .withMessage("preprocess: FILE is missing; usage: preprocess FILE…");
    }

    private static Arguments parse(String... words) throws UsageException {
        return Arguments.parse(SYNTAX, List.of(words), FOLDER);
    }
}
