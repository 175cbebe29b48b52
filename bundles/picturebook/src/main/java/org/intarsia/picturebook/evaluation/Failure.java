package org.intarsia.picturebook.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that a candidate got wrong.
 *
 * @param task   the name of the task in the score table
 * @param text   the sentence, question or instruction
 * @param seed   the seed of the picture that was made; zero for words
 * @param reason the grader's sentence
 */
public record Failure(String task, String text, long seed, String reason) {
    /** For JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("task", task);
        map.put("text", text);
        map.put("seed", seed);
        map.put("reason", reason);
        return map;
    }
}
