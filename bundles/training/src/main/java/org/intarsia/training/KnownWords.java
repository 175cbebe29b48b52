package org.intarsia.training;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of the texts that a model learns from, for {@code known_words.json}: the engine tells a user of other words. */
final class KnownWords {
    /** As the engine finds the words of a prompt. */
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private KnownWords() {
    }

    /** @param least how often a word must occur: fewer times, it is a typing error */
    static SortedSet<String> of(Stream<String> texts, int least) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        texts.forEach(text -> WORD.matcher(text).results().map(MatchResult::group).forEach(word -> counts.merge(word, 1, Integer::sum)));
        counts.values().removeIf(count -> count < least);
        return new TreeSet<>(counts.keySet());
    }
}
