package org.intarsia.picturebook.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.picturebook.grading.Verdict;
import org.intarsia.picturebook.language.Language;

/** Counts what was right, task by task and part by part. */
final class Tally {
    private static final class Count {
        private int tried;
        private int passed;
        private final Map<String, Count> parts = new LinkedHashMap<>();

        void add(boolean right) {
            tried++;
            passed += right ? 1 : 0;
        }

        TaskScore score() {
            Map<String, TaskScore> scores = new LinkedHashMap<>();
            parts.forEach((name, part) -> scores.put(name, part.score()));
            return new TaskScore(tried, passed, scores);
        }
    }

    private final Map<String, Count> tasks = new LinkedHashMap<>();
    private final List<Failure> failures = new ArrayList<>();

    /** Counts one trial, in its language too, and keeps its reason if it failed. */
    void add(String task, Language language, Verdict verdict, String text, long seed) {
        add(task, verdict.passed());
        addPart(task, language.tag(), verdict.passed());
        if (!verdict.passed()) {
            failures.add(new Failure(task, text, seed, verdict.reason()));
        }
    }

    void add(String task, boolean right) {
        count(task).add(right);
    }

    void addPart(String task, String part, boolean right) {
        count(task).parts.computeIfAbsent(part, name -> new Count()).add(right);
    }

    private Count count(String task) {
        return tasks.computeIfAbsent(task, name -> new Count());
    }

    /** Zero of zero for a task that was not tried. */
    TaskScore score(String task) {
        return count(task).score();
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }
}
