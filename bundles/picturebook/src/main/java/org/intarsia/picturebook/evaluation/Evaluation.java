package org.intarsia.picturebook.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.intarsia.picturebook.grading.Grader;
import org.intarsia.picturebook.grading.Verdict;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.prompts.Edits;
import org.intarsia.picturebook.prompts.PromptForm;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/**
 * The benchmark of the painted world. It has GenEval's form - six tasks, several pictures for each prompt, each passed
 * or failed with a reason, the overall score the mean of the tasks - and beside it edits, captions, answers, and what
 * training never showed. What is asked depends on the settings alone. One evaluation runs on one thread.
 */
public final class Evaluation {
    /**
     * What is asked, and how much of it.
     *
     * @param seed       of the lists of prompts, scenes and questions
     * @param prompts    for each of the six tasks
     * @param pictures   for each prompt
     * @param edits      pictures to edit
     * @param captions   pictures to describe
     * @param answers    questions to answer
     * @param heldOut    prompts, edits, captions and questions, so many of each, about held-out looks
     * @param roundTrips true pictures through the image tokenizer
     * @param truths     true pictures to the grader
     * @param batch      the most requests to hand to a candidate at once
     * @param validation whether free phrasing is in patterns of the training, which leaves those of the test for the test
     */
    public record Settings(World world, long seed, int prompts, int pictures, int edits, int captions, int answers,
                           int heldOut, int roundTrips, int truths, int batch, boolean validation) {
        /** 348 pictures to make: some minutes for a model that needs a second for each. */
        public static final Settings STANDARD = new Settings(World.STANDARD, 2026, 20, 2, 60, 60, 80, 16, 100, 500, 8, false);

        public Settings {
            if (prompts < Language.values().length) {
                throw new IllegalArgumentException(prompts + " prompts do not reach every language: give at least "
                        + Language.values().length);
            }
            if (pictures < 1 || edits < 1 || captions < 1 || answers < 1 || heldOut < 1 || roundTrips < 1
                    || truths < 1 || batch < 1) {
                throw new IllegalArgumentException("every number of an evaluation must be at least 1");
            }
        }

        /** The same with other numbers of prompts and of pictures for each. */
        public Settings withPrompts(int promptsPerTask, int picturesPerPrompt) {
            return new Settings(world, seed, promptsPerTask, picturesPerPrompt, edits, captions, answers, heldOut,
                    roundTrips, truths, batch, validation);
        }

        /** The same with another number of requests at once. */
        public Settings withBatch(int requests) {
            return new Settings(world, seed, prompts, pictures, edits, captions, answers, heldOut, roundTrips, truths,
                    requests, validation);
        }

        /** The same in another world. */
        public Settings in(World other) {
            return new Settings(other, seed, prompts, pictures, edits, captions, answers, heldOut, roundTrips, truths, batch,
                    validation);
        }

        /** The same with other prompts, scenes and questions: what settings of a model are chosen by, and never its scores. */
        public Settings forValidation() {
            return new Settings(world, seed + 1, prompts, pictures, edits, captions, answers, heldOut, roundTrips, truths, batch,
                    true);
        }

        /** How many requests go to a candidate altogether. */
        public int requests() {
            int forms = PromptForm.values().length * prompts * pictures;
            int further = world.free() > 0 ? 2 * prompts * pictures + forms + 3 * edits : 0;
            return forms + further + heldOut * pictures + edits + captions + answers + 3 * heldOut + roundTrips;
        }

        /** For JSON; the batch is left out, since it changes nothing of what is asked. */
        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("world", world.width() + "x" + world.height());
            map.put("seed", seed);
            map.put("promptsPerTask", prompts);
            map.put("picturesPerPrompt", pictures);
            map.put("edits", edits);
            map.put("captions", captions);
            map.put("answers", answers);
            map.put("heldOut", heldOut);
            map.put("roundTrips", roundTrips);
            map.put("truths", truths);
            return map;
        }
    }

    /** Hears how far an evaluation has come. */
    @FunctionalInterface
    public interface Progress {
        /**
         * @param task  what is being tried
         * @param done  requests answered and graded
         * @param total requests altogether
         */
        void report(String task, int done, int total);
    }

    private final Settings settings;
    private final Trials trials;
    private final Grader grader;
    private final Painter painter;

    public Evaluation(Settings settings) {
        this.settings = settings;
        this.trials = new Trials(settings);
        this.grader = new Grader(settings.world());
        this.painter = new Painter(settings.world());
    }

    /**
     * Asks the candidate everything and grades what it gives.
     *
     * @param cancelled asked before every batch
     * @throws CancellationException when cancelled
     * @throws IllegalStateException if the candidate answers a batch with more or fewer results than requests
     */
    public Scores run(Candidate candidate, Progress progress, BooleanSupplier cancelled) {
        Run run = new Run(candidate, progress, cancelled);
        run.grader();
        run.roundTrip();
        for (PromptForm form : PromptForm.values()) {
            run.imagine(trials.imagine(form));
        }
        if (settings.world().free() > 0) {
            run.imagine(trials.sizes());
            run.imagine(trials.backgrounds());
            run.imagine(trials.free());
            run.tell(trials.stories());
        }
        run.edit(trials.edits(false));
        run.describe(trials.captions(false));
        run.ask(trials.questions(false));
        run.imagine(trials.imagineHeldOut());
        run.edit(trials.edits(true));
        run.describe(trials.captions(true));
        run.ask(trials.questions(true));
        return run.scores();
    }

    /** One run over one candidate. */
    private final class Run {
        private final Candidate candidate;
        private final Progress progress;
        private final BooleanSupplier cancelled;
        private final Tally tally = new Tally();
        private int done;

        Run(Candidate candidate, Progress progress, BooleanSupplier cancelled) {
            this.candidate = candidate;
            this.progress = progress;
            this.cancelled = cancelled;
        }

        void grader() {
            for (Scene scene : trials.scenes(Scores.GRADER, settings.truths())) {
                tally.add(Scores.GRADER, grader.grade(scene, painter.paint(scene)).passed());
            }
        }

        void roundTrip() {
            inBatches(Scores.ROUND_TRIP, trials.scenes(Scores.ROUND_TRIP, settings.roundTrips()),
                    batch -> candidate.roundTrip().allAndBack(batch.stream().map(painter::paint).toList()),
                    (scene, picture) -> {
                        tally.add(Scores.ROUND_TRIP, grader.grade(scene, picture).passed());
                        List<Thing> seen = grader.read(picture).scene().things();
                        scene.things().forEach(thing ->
                                tally.addPart(Scores.ROUND_TRIP, Scores.THINGS, seen.contains(thing)));
                    });
        }

        void imagine(List<Trials.Imagine> prompts) {
            inBatches(prompts.getFirst().task(), prompts,
                    batch -> candidate.pictureMaker().makeAll(batch.stream()
                            .map(trial -> new PictureMaker.Request(trial.text(), trial.seed())).toList()),
                    (trial, picture) -> tally.add(trial.task(), trial.language(),
                            grader.grade(trial.description(), picture), trial.text(), trial.seed()));
        }

        void edit(List<Trials.EditPicture> edits) {
            inBatches(edits.getFirst().task(), edits,
                    batch -> candidate.editor().editAll(batch.stream()
                            .map(trial -> new Editor.Request(painter.paint(trial.edit().before()), trial.text(),
                                    Trials.EditPicture.SEED))
                            .toList()),
                    (trial, picture) -> {
                        Verdict verdict = grader.grade(trial.edit().edit(), trial.edit().before(), picture);
                        tally.add(trial.task(), trial.language(), verdict, trial.text(), Trials.EditPicture.SEED);
                        tally.addPart(trial.task(), Scores.CORRECT, verdict.correct());
                        tally.addPart(trial.task(), Scores.PRESERVED, verdict.preserved());
                        tally.addPart(trial.task(), trial.form().title(), verdict.passed());
                    });
        }

        /** Stories: a turn that went wrong ends its story. */
        void tell(List<Trials.Story> stories) {
            Edits edits = new Edits(Looks.trained(settings.world()));
            Map<Trials.Story, Picture> shown = new LinkedHashMap<>();
            inBatches(Scores.STORIES, stories,
                    batch -> candidate.pictureMaker().makeAll(batch.stream()
                            .map(story -> new PictureMaker.Request(story.first().text(), story.first().seed())).toList()),
                    (story, picture) -> {
                        Trials.Imagine first = story.first();
                        goOn(story, grader.grade(first.description(), picture), picture, first.text(), shown);
                    });
            for (int turn = 1; turn <= 2; turn++) {
                Map<Trials.Story, Picture> before = new LinkedHashMap<>(shown);
                shown.clear();
                Map<Trials.Story, Trials.EditPicture> asked = new LinkedHashMap<>();
                int number = turn;
                before.forEach((story, picture) -> asked.put(story, story.edit(number, grader.read(picture).scene(), edits)));
                inBatches(Scores.STORIES, List.copyOf(before.keySet()),
                        batch -> candidate.editor().editAll(batch.stream().map(story -> new Editor.Request(before.get(story),
                                asked.get(story).text(), Trials.EditPicture.SEED)).toList()),
                        (story, picture) -> {
                            Edits.Case edit = asked.get(story).edit();
                            goOn(story, grader.grade(edit.edit(), edit.before(), picture), picture, asked.get(story).text(), shown);
                        });
                done += stories.size() - before.size();
            }
            shown.keySet().forEach(story -> tally.add(Scores.STORIES, story.first().language(), new Verdict(List.of()), "", 0));
        }

        private void goOn(Trials.Story story, Verdict verdict, Picture picture, String text, Map<Trials.Story, Picture> shown) {
            if (verdict.passed()) {
                shown.put(story, picture);
            } else {
                tally.add(Scores.STORIES, story.first().language(), verdict, text, 1);
            }
        }

        void describe(List<Trials.Describe> pictures) {
            inBatches(pictures.getFirst().task(), pictures,
                    batch -> candidate.describer().describeAll(batch.stream()
                            .map(trial -> new Describer.Request(painter.paint(trial.scene()), trial.language()))
                            .toList()),
                    (trial, words) -> tally.add(trial.task(), trial.language(),
                            grader.gradeCaption(trial.scene(), trial.language(), words),
                            trial.language().captionRequest(), 0));
        }

        void ask(List<Trials.Ask> questions) {
            inBatches(questions.getFirst().task(), questions,
                    batch -> candidate.answerer().answerAll(batch.stream()
                            .map(trial -> new Answerer.Request(painter.paint(trial.scene()), trial.text())).toList()),
                    (trial, words) -> tally.add(trial.task(), trial.language(),
                            grader.gradeAnswer(trial.question(), trial.scene(), trial.language(), words),
                            trial.text(), 0));
        }

        private <T, R> void inBatches(String task, List<T> requests, Function<List<T>, List<R>> ask,
                                      BiConsumer<T, R> grade) {
            for (int start = 0; start < requests.size(); start += settings.batch()) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException("the evaluation was interrupted; nothing was written");
                }
                progress.report(task, done, settings.requests());
                List<T> batch = requests.subList(start, Math.min(start + settings.batch(), requests.size()));
                List<R> results = ask.apply(batch);
                if (results.size() != batch.size()) {
                    throw new IllegalStateException("the candidate answered " + batch.size() + " requests (" + task
                            + ") with " + results.size() + " results");
                }
                for (int i = 0; i < batch.size(); i++) {
                    grade.accept(batch.get(i), results.get(i));
                }
                done += batch.size();
            }
            progress.report(task, done, settings.requests());
        }

        Scores scores() {
            Map<String, TaskScore> tasks = new LinkedHashMap<>();
            for (PromptForm form : PromptForm.values()) {
                tasks.put(form.title(), tally.score(form.title()));
            }
            Map<String, TaskScore> heldOut = new LinkedHashMap<>();
            for (String task : List.of(Scores.PICTURES, Scores.EDITS, Scores.CAPTIONS, Scores.ANSWERS)) {
                heldOut.put(task, tally.score(Trials.HELD_OUT + task));
            }
            Map<String, TaskScore> further = new LinkedHashMap<>();
            if (settings.world().free() > 0) {
                for (String task : List.of(Scores.SIZES, Scores.BACKGROUNDS, Scores.FREE, Scores.STORIES)) {
                    further.put(task, tally.score(task));
                }
            }
            return new Scores(settings, tally.score(Scores.GRADER), tally.score(Scores.ROUND_TRIP), tasks, further,
                    tally.score(Scores.EDITS), tally.score(Scores.CAPTIONS), tally.score(Scores.ANSWERS), heldOut,
                    tally.failures());
        }
    }
}
