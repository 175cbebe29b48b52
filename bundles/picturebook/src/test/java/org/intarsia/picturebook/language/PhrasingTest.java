package org.intarsia.picturebook.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhrasingTest {
    /** No pattern of the tests is one of the training, whatever alternatives it takes. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void testsAskInPatternsThatTrainingNeverShows(String language) {
        Set<String> trained = new HashSet<>();
        for (String pattern : Phrasing.patterns("/grammar/" + language + ".txt").get("prompt")) {
            expand(pattern, trained);
        }
        List<String> apart = Phrasing.patterns("/phrasings/" + language + ".txt").get("prompt");
        assertThat(apart).hasSizeGreaterThan(350).doesNotHaveDuplicates();
        assertThat(apart.stream().map(PhrasingTest::plain)).doesNotContainAnyElementsOf(trained);
    }

    private static void expand(String pattern, Set<String> expanded) {
        Matcher choice = Pattern.compile("\\(([^()]*)\\)").matcher(pattern);
        if (!choice.find()) {
            expanded.add(plain(pattern));
            return;
        }
        for (String alternative : choice.group(1).split("\\|", -1)) {
            expand(pattern.substring(0, choice.start()) + alternative + pattern.substring(choice.end()), expanded);
        }
    }

    /** Without signs and capitals, which vary anyway, and with things in any case. */
    private static String plain(String pattern) {
        return pattern.toLowerCase(Locale.ROOT).replaceAll("\\{(nom|acc|dat)}", "{things}").replaceAll("[^\\p{L}{}. ]", "")
                .replaceAll("\\s+", " ").strip();
    }
}
