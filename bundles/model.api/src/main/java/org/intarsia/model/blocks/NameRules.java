package org.intarsia.model.blocks;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Translates the names that authors give their tensors to those of transformers. Immutable.
 *
 * @param rules applied one after the other
 */
public record NameRules(List<Rule> rules) {

    /** What a part of a name becomes, as {@link java.util.regex.Matcher#replaceFirst} has it. */
    public record Rule(Pattern pattern, String replacement) {
        /** A rule whose pattern is a text. */
        public Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }
    }

    /** Returns rules that are applied in this order. */
    public static NameRules of(Rule... rules) {
        return new NameRules(List.of(rules));
    }

    /** Returns the name that a name becomes. */
    public String translate(String name) {
        String translated = name;
        for (Rule rule : rules) {
            translated = rule.pattern.matcher(translated).replaceFirst(rule.replacement);
        }
        return translated;
    }
}
