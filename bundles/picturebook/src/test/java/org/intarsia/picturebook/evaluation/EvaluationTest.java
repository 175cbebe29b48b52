package org.intarsia.picturebook.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.intarsia.picturebook.grading.Grader;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.pictures.Painter;
import org.intarsia.picturebook.pictures.Picture;
import org.intarsia.picturebook.prompts.PromptForm;
import org.intarsia.picturebook.prompts.Prompts;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.World;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final World WORLD = World.STANDARD;
    private static final Evaluation.Settings SETTINGS =
            new Evaluation.Settings(WORLD, 7, 6, 2, 24, 10, 20, 8, 10, 50, 4, false);
    private static final Evaluation.Progress QUIET = (task, done, total) -> { };

    private final Painter painter = new Painter(WORLD);
    private final Grader grader = new Grader(WORLD);

    @Test
    void whoDoesEverythingRightScoresOne() {
        Scores scores = new Evaluation(SETTINGS).run(perfect(), QUIET, () -> false);
        assertThat(scores.failures()).isEmpty();
        assertThat(scores.overall()).isEqualTo(1);
        assertThat(scores.overall(Language.GERMAN)).isEqualTo(1);
        assertThat(scores.tasks()).hasSize(6).allSatisfy((task, score) -> {
            assertThat(score.count()).isEqualTo(12);
            assertThat(score.score()).isEqualTo(1);
        });
        assertThat(List.of(scores.grader(), scores.roundTrip(), scores.edits(), scores.captions(), scores.answers()))
                .allSatisfy(score -> assertThat(score.score()).isEqualTo(1));
        assertThat(scores.heldOut()).containsOnlyKeys("pictures", "edits", "captions", "answers")
                .allSatisfy((task, score) -> assertThat(score.score()).isEqualTo(1));
    }

    @Test
    void whoDoesNothingScoresNothingButPreserves() {
        Picture empty = painter.paint(Scene.of(Background.DAY));
        Candidate idle = new Candidate((sentence, seed) -> empty, (picture, instruction, seed) -> picture,
                (picture, language) -> "", (picture, question) -> "", picture -> empty);
        Scores scores = new Evaluation(SETTINGS).run(idle, QUIET, () -> false);
        assertThat(scores.grader().score()).isEqualTo(1);
        assertThat(scores.overall()).isZero();
        assertThat(scores.edits().score()).isZero();
        assertThat(scores.edits().parts().get("preserved").score()).isEqualTo(1);
        assertThat(scores.answers().score()).isZero();
        assertThat(scores.failures()).hasSize(SETTINGS.requests() - SETTINGS.roundTrips())
                .allSatisfy(failure -> assertThat(failure.reason()).isNotBlank());
    }

    @Test
    void theSameIsAskedAgainWhateverTheBatch() {
        assertThat(asked(SETTINGS)).isEqualTo(asked(SETTINGS.withBatch(1000)));
        assertThat(asked(SETTINGS)).hasSize(6 * 12 + 16);
    }

    @Test
    void bothLanguagesAreAskedAlike() {
        Scores scores = new Evaluation(SETTINGS).run(perfect(), QUIET, () -> false);
        assertThat(scores.tasks().values()).allSatisfy(score ->
                assertThat(score.parts().get("en").count()).isEqualTo(score.parts().get("de").count()));
        assertThat(scores.edits().parts()).containsKeys("en", "de", "correct", "preserved", "recolour", "background");
    }

    @Test
    void progressReachesTheTotal() {
        List<Integer> done = new ArrayList<>();
        new Evaluation(SETTINGS).run(perfect(), (task, now, total) -> {
            assertThat(total).isEqualTo(SETTINGS.requests());
            done.add(now);
        }, () -> false);
        assertThat(done).isSorted().startsWith(0).endsWith(SETTINGS.requests());
    }

    @Test
    void canBeCancelled() {
        int[] batches = {0};
        assertThatThrownBy(() -> new Evaluation(SETTINGS).run(perfect(), QUIET, () -> ++batches[0] > 5))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void aCandidateThatLosesRequestsIsCaught() {
        RoundTrip forgetful = new RoundTrip() {
            @Override
            public Picture andBack(Picture picture) {
                return picture;
            }

            @Override
            public List<Picture> allAndBack(List<Picture> pictures) {
                return pictures.subList(1, pictures.size());
            }
        };
        Candidate perfect = perfect();
        Candidate candidate = new Candidate(perfect.pictureMaker(), perfect.editor(), perfect.describer(),
                perfect.answerer(), forgetful);
        assertThatThrownBy(() -> new Evaluation(SETTINGS).run(candidate, QUIET, () -> false))
                .hasMessage("the candidate answered 4 requests (round trip) with 3 results");
    }

    @Test
    void theScoreTableBeginsWithWhatTheRestStandsOn() {
        Map<String, Object> map = new Evaluation(SETTINGS).run(perfect(), QUIET, () -> false).toMap();
        assertThat(map.keySet()).containsExactly("benchmark", "settings", "grader", "roundTrip", "overall",
                "overallByLanguage", "tasks", "edits", "captions", "answers", "heldOut", "failures");
        assertThat(map.get("grader")).isEqualTo(Map.of("n", 50, "passed", 50, "score", 1.0));
    }

    private List<String> asked(Evaluation.Settings settings) {
        List<String> asked = new ArrayList<>();
        Candidate perfect = perfect();
        PictureMaker listening = (sentence, seed) -> {
            asked.add(sentence + seed);
            return perfect.pictureMaker().make(sentence, seed);
        };
        new Evaluation(settings).run(new Candidate(listening, perfect.editor(), perfect.describer(),
                perfect.answerer(), perfect.roundTrip()), QUIET, () -> false);
        return asked;
    }

    /** Stories, sizes, backgrounds and free phrasing are asked for in a world that is spoken of freely. */
    @Test
    void theWideWorldAsksForMore() {
        Evaluation.Settings settings = SETTINGS.in(World.WIDE);
        Trials trials = new Trials(settings);
        Map<String, Description> meant = new HashMap<>();
        List.of(trials.sizes(), trials.backgrounds(), trials.free(), trials.imagineHeldOut(),
                trials.stories().stream().map(Trials.Story::first).toList()).forEach(prompts ->
                prompts.forEach(trial -> meant.put(trial.text(), trial.description())));
        for (PromptForm form : PromptForm.values()) {
            trials.imagine(form).forEach(trial -> meant.put(trial.text(), trial.description()));
        }
        Painter wide = new Painter(World.WIDE);
        Prompts prompts = new Prompts(Looks.trained(World.WIDE));
        PictureMaker maker = (text, seed) -> wide.paint(prompts.fill(meant.get(text), new Dice(seed)));
        // An editor that changes nothing is wrong in the second turn of every story, and one that is always right is never asked
        // for words that it does not know.
        Scores scores = new Evaluation(settings).run(new Candidate(maker, (picture, words, seed) -> picture,
                (picture, language) -> "", (picture, question) -> "", picture -> picture), QUIET, () -> false);
        assertThat(scores.further()).containsOnlyKeys("sizes", "backgrounds", "free phrasing", "stories");
        assertThat(scores.overall()).isEqualTo(1);
        assertThat(scores.further().get("free phrasing").count()).isEqualTo(72);
        assertThat(scores.further().get("free phrasing").score()).isEqualTo(1);
        assertThat(scores.further().get("sizes").score()).isEqualTo(1);
        assertThat(scores.further().get("backgrounds").score()).isEqualTo(1);
        assertThat(scores.further().get("stories").count()).isEqualTo(24);
        assertThat(scores.further().get("stories").passed()).isZero();
        assertThat(scores.heldOut().get("pictures").score()).isEqualTo(1);
    }

    /** Understands sentences and sees pictures by our own means, and knows edits and questions by heart. */
    private Candidate perfect() {
        Map<String, Scene> edited = new HashMap<>();
        Map<String, String> answers = new HashMap<>();
        Trials trials = new Trials(SETTINGS);
        for (boolean heldOut : new boolean[] {false, true}) {
            trials.edits(heldOut).forEach(t -> edited.put(t.edit().before() + t.text(), t.edit().after()));
            trials.questions(heldOut).forEach(t -> answers.put(t.scene() + t.text(),
                    t.language().answer(t.question().answer(t.scene(), WORLD))));
        }
        Prompts prompts = new Prompts(Looks.trained(WORLD));
        return new Candidate(
                (sentence, seed) -> painter.paint(prompts.fill(Language.ENGLISH.parse(sentence)
                        .or(() -> Language.GERMAN.parse(sentence)).orElseThrow(), new Dice(seed))),
                (picture, instruction, seed) -> painter.paint(edited.get(seen(picture) + instruction)),
                (picture, language) -> language.caption(seen(picture), WORLD),
                (picture, question) -> answers.get(seen(picture) + question),
                picture -> picture);
    }

    private Scene seen(Picture picture) {
        return grader.read(picture).clean().orElseThrow();
    }
}
