package org.intarsia.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
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
 * tokenizer has no token for are known to be unknown. Immutable.
 */
final class KnownWords {
    private static final String FILE = "known_words.json";
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private final Optional<Set<String>> words;
    private final Optional<String> unknownToken;

    /** @throws ModelException when the file is not of that form */
    KnownWords(ModelFiles files) {
        words = files.json(FILE).map(text -> read(text, FILE + " of the model in " + files.directory()));
        unknownToken = AddedTokens.named(files, "unk_token");
    }

    private static Set<String> read(String text, String where) {
        JsonNode list = Fields.read(text, where).path("words");
        Set<String> words = new TreeSet<>();
        for (JsonNode word : list) {
            if (!word.isTextual()) {
                throw new ModelException(where + " cannot be used: words should be a list of texts, but holds " + word);
            }
            words.add(word.textValue());
        }
        if (words.isEmpty()) {
            throw new ModelException(where + " cannot be used: words should be a list of texts, and is missing or empty");
        }
        return words;
    }

    /** Returns the unknown words in their order, each once. */
    List<String> unknown(String text, Tokenizer tokenizer) {
        Predicate<String> unknown = words.<Predicate<String>>map(known -> word -> !known.contains(word))
                .orElseGet(() -> hasNoToken(tokenizer));
        Set<String> found = new LinkedHashSet<>();
        WORD.matcher(text).results().map(result -> result.group()).filter(unknown).forEach(found::add);
        return List.copyOf(found);
    }

    private Predicate<String> hasNoToken(Tokenizer tokenizer) {
        OptionalInt id = unknownToken.map(tokenizer::id).orElse(OptionalInt.empty());
        return word -> id.isPresent() && IntStream.of(tokenizer.encode(word, false)).anyMatch(each -> each == id.getAsInt());
    }
}
