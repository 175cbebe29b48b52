package org.intarsia.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The texts of all languages, against each other and against the modules that show them. */
class TextsTest {
    private static final Pattern BODY = Pattern.compile("export default (\\{.*});", Pattern.DOTALL);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+}");
    /** A key in quotes; one that is put together begins with a part that ends with a dot. */
    private static final Pattern LITERAL = Pattern.compile("['`]((?:\\w+\\.)+)(\\w+['`]|\\$\\{)");
    private static final Pattern SINGLE = Pattern.compile("\\bt\\('(\\w+)'\\)");

    private final Map<String, String> english = texts("en");
    private final Map<String, String> german = texts("de");

    @Test
    void germanHasTheKeysAndThePlaceholdersOfEnglish() {
        assertThat(german.keySet()).containsExactlyElementsOf(english.keySet());
        assertThat(german.values()).noneMatch(String::isBlank);
        english.forEach((key, text) -> assertThat(placeholders(german.get(key))).as(key).isEqualTo(placeholders(text)));
    }

    @Test
    void modulesAskOnlyForTextsThatThereAre() {
        SortedSet<String> asked = new TreeSet<>();
        SortedSet<String> beginnings = new TreeSet<>();
        Sources.modules().forEach((name, module) -> {
            if (!name.startsWith("texts/") && !name.equals("theme.js")) {
                SINGLE.matcher(module).results().forEach(match -> asked.add(match.group(1)));
                LITERAL.matcher(module).results().forEach(match -> {
                    if (match.group(2).startsWith("$")) {
                        beginnings.add(match.group(1));
                    } else {
                        asked.add(match.group(1) + match.group(2).substring(0, match.group(2).length() - 1));
                    }
                });
            }
        });
        asked.removeIf(key -> key.startsWith("intarsia.") || key.endsWith(".js"));
        assertThat(english.keySet()).containsAll(asked);
        beginnings.forEach(part -> assertThat(english.keySet()).as(part).anyMatch(key -> key.startsWith(part)));
        assertThat(english.keySet()).as("texts that nothing shows")
                .allMatch(key -> asked.contains(key) || beginnings.stream().anyMatch(key::startsWith));
    }

    private static SortedSet<String> placeholders(String text) {
        return PLACEHOLDER.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> texts(String language) {
        var matcher = BODY.matcher(Sources.modules().get("texts/" + language + ".js"));
        assertThat(matcher.find()).isTrue();
        try {
            return new TreeMap<>(new ObjectMapper().readValue(matcher.group(1), new TypeReference<Map<String, String>>() { }));
        } catch (IOException e) {
            throw new AssertionError(language, e);
        }
    }
}
