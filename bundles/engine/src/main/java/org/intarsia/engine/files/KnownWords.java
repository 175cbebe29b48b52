package org.intarsia.engine.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.model.blocks.AddedTokens;
import org.intarsia.model.blocks.Fields;

/**
 * Finds the words of a text that a model cannot know. A small model lists the words of all texts that it learnt from in
 * {@code known_words.json}: {@code {"words": ["a", "above", …]}}. Of a model without the file, only words that its
 * tokenizer has no token for are known to be unknown.
 *
 * <p>A model of a small world may also list, as {@code subjects} and in small letters, the words that say what a picture shows,
 * and have a sentence {@code about} what it paints: a request without any of these words cannot be met. Immutable.
 */
public final class KnownWords {
    private static final String FILE = "known_words.json";
    /** Shorter words are too much like others to be told from them with a typing error. */
    private static final int LONG = 4;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private final Optional<Set<String>> words;
    private final Set<String> subjects;
    private final Optional<String> about;
    private final Optional<String> unknownToken;

    /**
     * Reads the file.
     *
     * @throws ModelException when the file is not of that form
     */
    public KnownWords(ModelFiles files) {
        String where = FILE + " of the model in " + files.directory();
        words = files.json(FILE).map(text -> read(text, "words", where));
        about = files.json(FILE).map(text -> Fields.read(text, where).path("about")).filter(JsonNode::isTextual).map(JsonNode::textValue);
        subjects = about.isPresent() ? read(files.json(FILE).orElseThrow(), "subjects", where) : Set.of();
        unknownToken = AddedTokens.named(files, "unk_token");
    }

    private static Set<String> read(String text, String key, String where) {
        JsonNode list = Fields.read(text, where).path(key);
        Set<String> words = new TreeSet<>();
        for (JsonNode word : list) {
            if (!word.isTextual()) {
                throw new ModelException(where + " cannot be used: " + key + " should be a list of texts, but holds " + word);
            }
            words.add(word.textValue());
        }
        if (words.isEmpty()) {
            throw new ModelException(where + " cannot be used: " + key + " should be a list of texts, and is missing or empty");
        }
        return words;
    }

    /** Returns the unknown words in their order, each once. */
    public List<String> unknown(String text, Tokenizer tokenizer) {
        Predicate<String> unknown = words.<Predicate<String>>map(known -> word -> !known.contains(word))
                .orElseGet(() -> hasNoToken(tokenizer));
        Set<String> found = new LinkedHashSet<>();
        WORD.matcher(text).results().map(result -> result.group()).filter(unknown).forEach(found::add);
        return List.copyOf(found);
    }

    /**
     * Returns what the model paints, where it says so and the text has no word of it. One typing error in a longer word does
     * no harm.
     */
    public Optional<String> besides(String text) {
        boolean met = WORD.matcher(text).results().map(result -> result.group().toLowerCase(Locale.ROOT))
                .anyMatch(word -> subjects.contains(word)
                        || word.length() >= LONG && subjects.stream()
                                .anyMatch(subject -> subject.length() >= LONG && isClose(word, subject)));
        return met || text.isBlank() ? Optional.empty() : about;
    }

    /** Tells whether one letter left out, added, changed or swapped with the next makes one word the other. */
    private static boolean isClose(String one, String other) {
        int same = 0;
        while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
            same++;
        }
        String left = one.substring(same);
        String right = other.substring(same);
        return tail(left, 1).equals(tail(right, 1)) || tail(left, 1).equals(right) || left.equals(tail(right, 1))
                || left.length() > 1 && right.length() > 1 && left.charAt(0) == right.charAt(1) && left.charAt(1) == right.charAt(0)
                        && tail(left, 2).equals(tail(right, 2));
    }

    private static String tail(String word, int from) {
        return word.substring(Math.min(from, word.length()));
    }

    private Predicate<String> hasNoToken(Tokenizer tokenizer) {
        OptionalInt id = unknownToken.map(tokenizer::id).orElse(OptionalInt.empty());
        return word -> id.isPresent() && IntStream.of(tokenizer.encode(word, false)).anyMatch(each -> each == id.getAsInt());
    }
}
