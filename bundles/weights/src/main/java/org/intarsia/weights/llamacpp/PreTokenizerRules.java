package org.intarsia.weights.llamacpp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How llama.cpp calls the rules by which byte-level tokenizers divide text. {@code pre-tokenizers.txt} has a line for each:
 * the name, {@code whole} where a word that is a token is taken as it is, else {@code pairs}, and the steps of {@code
 * tokenizer.json}, between tabs. llama.cpp's converter knows them by the ids that some text gets, so it knows published
 * tokenizers only.
 */
final class PreTokenizerRules {
    private static final String RESOURCE = "pre-tokenizers.txt";

    private record Rule(String name, boolean whole, List<String> steps) {
    }

    private static final List<Rule> RULES = read();

    private PreTokenizerRules() {
    }

    private static List<Rule> read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                PreTokenizerRules.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).map(line -> List.of(line.split("\t")))
                    .map(parts -> new Rule(parts.get(0), parts.get(1).equals("whole"), parts.subList(2, parts.size()))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the bundle lacks a resource of its own", e);
        }
    }

    /**
     * Returns the name of a rule; empty where llama.cpp has none that divides text so.
     *
     * @param preTokenizer as in {@code tokenizer.json}
     * @param whole        whether a word that is a token is taken as it is
     */
    static Optional<String> name(Map<String, Object> preTokenizer, boolean whole) {
        List<String> steps = TokenizerWriter.steps(preTokenizer, "pretokenizers").stream()
                .map(step -> text(JsonTree.object(step))).toList();
        return RULES.stream().filter(rule -> rule.whole == whole && rule.steps.equals(steps)).map(Rule::name).findFirst();
    }

    static String names() {
        return RULES.stream().map(Rule::name).collect(Collectors.joining(", "));
    }

    /** Returns what a step does, without what changes no token. */
    private static String text(Map<String, Object> step) {
        return switch (String.valueOf(step.get("type"))) {
            case "ByteLevel" -> "bytes" + (Boolean.FALSE.equals(step.get("use_regex")) ? "" : " by rule")
                    + (Boolean.TRUE.equals(step.get("add_prefix_space")) ? " behind a space" : "");
            case "Digits" -> "digits" + (Boolean.TRUE.equals(step.get("individual_digits")) ? " one by one" : "");
            case "Split" -> "split " + step.get("behavior") + (Boolean.TRUE.equals(step.get("invert")) ? " inverted " : " ")
                    + String.valueOf(JsonTree.child(step, "pattern").get("Regex")).replace("\n", "\\n").replace("\r", "\\r");
            default -> String.valueOf(step.get("type"));
        };
    }
}
