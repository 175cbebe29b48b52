package org.intarsia.picturebook.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.picturebook.language.Language;

/**
 * The result of an {@link Evaluation}.
 *
 * @param grader    the grader on true pictures: how far the other numbers can be trusted
 * @param roundTrip true pictures through the image tokenizer and back, read right as a whole scene; part {@code things}
 *                  counts single things: how high the scores of pictures can be
 * @param tasks     the six tasks of GenEval's form, by {@link org.intarsia.picturebook.prompts.PromptForm#title}
 * @param further   in a world that is spoken of freely: {@code sizes}, {@code backgrounds}, {@code free phrasing}, and
 *                  {@code stories} of three turns, a picture and two edits of it; else empty
 * @param edits     right and with everything else preserved; parts {@code correct} and {@code preserved} apart
 * @param captions  the whole scene said right
 * @param answers   the right words
 * @param heldOut   {@code pictures}, {@code edits}, {@code captions} and {@code answers} about looks that training
 *                  never shows; not part of the scores above
 * @param failures  every failure of the candidate
 */
public record Scores(Evaluation.Settings settings, TaskScore grader, TaskScore roundTrip, Map<String, TaskScore> tasks,
                     Map<String, TaskScore> further, TaskScore edits, TaskScore captions, TaskScore answers, Map<String, TaskScore> heldOut,
                     List<Failure> failures) {
    static final String GRADER = "grader";
    static final String ROUND_TRIP = "round trip";
    static final String PICTURES = "pictures";
    static final String EDITS = "edits";
    static final String CAPTIONS = "captions";
    static final String ANSWERS = "answers";
    static final String THINGS = "things";
    static final String SIZES = "sizes";
    static final String BACKGROUNDS = "backgrounds";
    static final String FREE = "free phrasing";
    static final String STORIES = "stories";
    static final String CORRECT = "correct";
    static final String PRESERVED = "preserved";

    /** The mean of the six tasks. */
    public double overall() {
        return tasks.values().stream().mapToDouble(TaskScore::score).average().orElse(0);
    }

    /** The mean of the six tasks in one language. */
    public double overall(Language language) {
        return tasks.values().stream()
                .mapToDouble(task -> task.parts().get(language.tag()).score())
                .average().orElse(0);
    }

    /** For JSON: in the order in which a reader wants to see it. Shares are rounded to four places. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("benchmark", "picturebook, GenEval-form");
        map.put("settings", settings.toMap());
        map.put("grader", grader.toMap());
        map.put("roundTrip", roundTrip.toMap());
        map.put("overall", rounded(overall()));
        Map<String, Object> languages = new LinkedHashMap<>();
        for (Language language : Language.values()) {
            languages.put(language.tag(), rounded(overall(language)));
        }
        map.put("overallByLanguage", languages);
        map.put("tasks", toMaps(tasks));
        if (!further.isEmpty()) {
            map.put("further", toMaps(further));
        }
        map.put(EDITS, edits.toMap());
        map.put(CAPTIONS, captions.toMap());
        map.put(ANSWERS, answers.toMap());
        map.put("heldOut", toMaps(heldOut));
        map.put("failures", failures.stream().map(Failure::toMap).toList());
        return map;
    }

    private static Map<String, Object> toMaps(Map<String, TaskScore> scores) {
        Map<String, Object> maps = new LinkedHashMap<>();
        scores.forEach((name, score) -> maps.put(name, score.toMap()));
        return maps;
    }

    static double rounded(double share) {
        return Math.round(share * 10_000) / 10_000.0;
    }
}
