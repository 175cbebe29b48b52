package org.intarsia.training;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Learns a byte-level BPE vocabulary (Sennrich et al., 2016; Radford et al., 2019): the pair of tokens that stands together
 * most often becomes a token, again and again.
 */
final class BytePairTrainer {
    /** GPT-2's way to cut text into words before pairs are counted; a word takes the blank before it along. */
    private static final Pattern WORD = Pattern.compile(
            "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

    private BytePairTrainer() {
    }

    /**
     * @param tokens the 256 bytes first, then the merged tokens, in the printable spelling of {@link #spelling}
     * @param merges pairs in the order in which they were learned
     */
    record Vocabulary(List<String> tokens, List<List<String>> merges) {
    }

    /** Learns from texts until the vocabulary has {@code size} tokens or no pair comes twice. */
    static Vocabulary train(Stream<String> texts, int size) {
        Map<String, Long> words = new TreeMap<>();
        texts.forEach(text -> {
            Matcher matcher = WORD.matcher(text);
            while (matcher.find()) {
                words.merge(matcher.group(), 1L, Long::sum);
            }
        });
        List<String> tokens = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add(spelling(value));
        }
        tokens.sort(Comparator.naturalOrder());
        Map<List<String>, Long> split = new HashMap<>();
        words.forEach((word, count) -> split.merge(bytes(word), count, Long::sum));
        List<List<String>> merges = new ArrayList<>();
        while (tokens.size() < size) {
            List<String> best = mostFrequent(split);
            if (best == null) {
                break;
            }
            merges.add(best);
            tokens.add(String.join("", best));
            Map<List<String>, Long> merged = new HashMap<>();
            split.forEach((word, count) -> merged.merge(merge(word, best), count, Long::sum));
            split.clear();
            split.putAll(merged);
        }
        return new Vocabulary(tokens, merges);
    }

    private static List<String> bytes(String word) {
        List<String> bytes = new ArrayList<>();
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(spelling(value & 0xFF));
        }
        return bytes;
    }

    private static List<String> mostFrequent(Map<List<String>, Long> split) {
        Map<List<String>, Long> pairs = new HashMap<>();
        split.forEach((word, count) -> {
            for (int i = 0; i + 1 < word.size(); i++) {
                pairs.merge(List.of(word.get(i), word.get(i + 1)), count, Long::sum);
            }
        });
        // Of equally frequent pairs the first in the alphabet, so that the result does not hang on hash order.
        Comparator<Map.Entry<List<String>, Long>> order = Map.Entry.<List<String>, Long>comparingByValue()
                .thenComparing(entry -> String.join(" ", entry.getKey()), Comparator.reverseOrder());
        return pairs.entrySet().stream().filter(entry -> entry.getValue() > 1).max(order).map(Map.Entry::getKey).orElse(null);
    }

    private static List<String> merge(List<String> word, List<String> pair) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < word.size(); i++) {
            boolean hit = i + 1 < word.size() && word.get(i).equals(pair.get(0)) && word.get(i + 1).equals(pair.get(1));
            merged.add(hit ? pair.get(0) + pair.get(1) : word.get(i));
            if (hit) {
                i++;
            }
        }
        return merged;
    }

    /**
     * How byte-level vocabularies spell a byte: printable Latin-1 characters stand for themselves, the others are counted
     * on from U+0100.
     */
    private static String spelling(int value) {
        if (printable(value)) {
            return Character.toString(value);
        }
        int before = 0;
        for (int other = 0; other < value; other++) {
            if (!printable(other)) {
                before++;
            }
        }
        return Character.toString(256 + before);
    }

    private static boolean printable(int value) {
        return value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE && value <= 0xFF;
    }
}
