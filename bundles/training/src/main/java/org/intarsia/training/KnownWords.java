package org.intarsia.training;

import java.util.SortedSet;
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

    static SortedSet<String> of(Stream<String> texts) {
        SortedSet<String> words = new TreeSet<>();
        texts.forEach(text -> WORD.matcher(text).results().map(MatchResult::group).forEach(words::add));
        return words;
    }
}
