package org.intarsia.engine;

import java.util.List;
import java.util.regex.Pattern;

/**
 * From the names that authors give their tensors to those of transformers.
 *
 * @param rules applied one after the other
 */
record NameRules(List<Rule> rules) {

    /** What a part of a name becomes. */
    record Rule(Pattern pattern, String replacement) {
        Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }
    }

    static NameRules of(Rule... rules) {
        return new NameRules(List.of(rules));
    }

    String translate(String name) {
        String translated = name;
        for (Rule rule : rules) {
            translated = rule.pattern.matcher(translated).replaceFirst(rule.replacement);
        }
        return translated;
    }
}
