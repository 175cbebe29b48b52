package org.intarsia.picturebook.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a candidate was right in one task.
 *
 * @param count  how often it was tried
 * @param passed how often it was right
 * @param parts  the same by parts of the task - languages, kinds of edit - in a fixed order; may be empty
 */
public record TaskScore(int count, int passed, Map<String, TaskScore> parts) {
    /** The share of right ones, from 0 to 1; 0 if none was tried. */
    public double score() {
        return count == 0 ? 0 : (double) passed / count;
    }

    /** For JSON: {@code n}, {@code passed}, {@code score} and the parts by name. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("n", count);
        map.put("passed", passed);
        map.put("score", Scores.rounded(score()));
        parts.forEach((name, part) -> map.put(name, part.toMap()));
        return map;
    }
}
