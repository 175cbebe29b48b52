package org.intarsia.picturebook.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.prompts.EditForm;
import org.intarsia.picturebook.prompts.Edits;
import org.intarsia.picturebook.prompts.PromptForm;
import org.intarsia.picturebook.prompts.Prompts;
import org.intarsia.picturebook.prompts.Questions;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Scene;

/**
 * Everything that a candidate is asked in an evaluation: fixed lists, for one seed and one set of numbers. The
 * languages take turns.
 */
final class Trials {
    /** @param seed for the candidate: 1, 2, 3… for the pictures of one prompt, so that anybody can make them again */
    record Imagine(String task, Language language, Description description, String text, long seed) {
    }

    record EditPicture(String task, Language language, EditForm form, Edits.Case edit) {
        /** The seed for the candidate. */
        static final long SEED = 1;

        String text() {
            return language.instruction(edit.edit());
        }
    }

    record Describe(String task, Language language, Scene scene) {
    }

    record Ask(String task, Language language, Scene scene, Question question) {
        String text() {
            return language.question(question);
        }
    }

    static final String HELD_OUT = "held out: ";
    /** How often to try for a prompt that was not there yet; some forms have few. */
    private static final int ATTEMPTS = 50;

    private final Evaluation.Settings settings;

    Trials(Evaluation.Settings settings) {
        this.settings = settings;
    }

    /** The six tasks. */
    List<Imagine> imagine(PromptForm form) {
        Prompts prompts = new Prompts(Looks.trained(settings.world()));
        return imagine(form.title(), settings.prompts(), dice -> prompts.plain(form, dice));
    }

    /** Pictures of held-out looks, one or two at a time. */
    List<Imagine> imagineHeldOut() {
        Prompts prompts = new Prompts(Looks.heldOut(settings.world()));
        return imagine(HELD_OUT + Scores.PICTURES, settings.heldOut(), dice -> prompts.plain(
                dice.chance(0.5) ? PromptForm.COLOURS : PromptForm.COLOUR_ATTRIBUTION, dice));
    }

    /** Prompts of which the size is said. */
    List<Imagine> sizes() {
        Prompts prompts = new Prompts(Looks.trained(settings.world()));
        return imagine(Scores.SIZES, settings.prompts(), prompts::sized);
    }

    /** Prompts of which the background is said. */
    List<Imagine> backgrounds() {
        Prompts prompts = new Prompts(Looks.trained(settings.world()));
        return imagine(Scores.BACKGROUNDS, settings.prompts(), prompts::grounded);
    }

    /** As many prompts as the six forms have together, in words that no training sample has: for validation, in words that some have. */
    List<Imagine> free() {
        Prompts prompts = new Prompts(Looks.trained(settings.world()));
        Dice words = dice(Scores.FREE + " words");
        PromptForm[] forms = PromptForm.values();
        return imagine(Scores.FREE, forms.length * settings.prompts(), dice -> prompts.plain(dice.pick(forms), dice)).stream()
                .map(trial -> new Imagine(trial.task(), trial.language(), trial.description(),
                        (settings.validation() ? trial.language().phrasing(words) : trial.language().phrasingApart(words))
                                .prompt(trial.description()), trial.seed())).toList();
    }

    /**
     * A picture and two edits of it, each of what the turn before has shown.
     *
     * @param first the first turn
     * @param seed  of the edits
     */
    record Story(Imagine first, long seed) {
        /** The edit of this turn, 1 or 2, for what the picture shows. */
        EditPicture edit(int turn, Scene scene, Edits edits) {
            Dice dice = new Dice(seed, turn);
            while (true) {
                EditForm form = dice.pick(EditForm.values());
                Optional<Edits.Case> found = scene.things().isEmpty() && form != EditForm.BACKGROUND
                        ? Optional.empty() : edits.of(form, scene, dice);
                if (found.isPresent()) {
                    return new EditPicture(first.task(), first.language(), form, found.get());
                }
            }
        }
    }

    List<Story> stories() {
        Prompts prompts = new Prompts(Looks.trained(settings.world()));
        PromptForm[] forms = PromptForm.values();
        Dice seeds = dice(Scores.STORIES + " edits");
        return imagine(Scores.STORIES, settings.edits(), dice -> prompts.plain(dice.pick(forms), dice)).stream()
                .filter(trial -> trial.seed() == 1).map(trial -> new Story(trial, seeds.next())).toList();
    }

    private List<Imagine> imagine(String task, int count, Function<Dice, Description> descriptions) {
        Dice dice = dice(task);
        Set<String> sentences = new HashSet<>();
        List<Imagine> trials = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Language language = language(i);
            Description description = descriptions.apply(dice);
            for (int n = 1; n < ATTEMPTS && !sentences.add(language.sentence(description)); n++) {
                description = descriptions.apply(dice);
            }
            for (long seed = 1; seed <= settings.pictures(); seed++) {
                trials.add(new Imagine(task, language, description, language.sentence(description), seed));
            }
        }
        return trials;
    }

    List<EditPicture> edits(boolean heldOut) {
        String task = (heldOut ? HELD_OUT : "") + Scores.EDITS;
        Dice dice = dice(task);
        Edits edits = new Edits(looks(heldOut));
        List<EditPicture> trials = new ArrayList<>();
        for (int i = 0; i < (heldOut ? settings.heldOut() : settings.edits()); i++) {
            EditForm form = EditForm.values()[i / 2 % EditForm.values().length];
            trials.add(new EditPicture(task, language(i), form, edits.next(form, dice)));
        }
        return trials;
    }

    List<Describe> captions(boolean heldOut) {
        String task = (heldOut ? HELD_OUT : "") + Scores.CAPTIONS;
        Dice dice = dice(task);
        Prompts prompts = new Prompts(looks(heldOut));
        List<Describe> trials = new ArrayList<>();
        for (int i = 0; i < (heldOut ? settings.heldOut() : settings.captions()); i++) {
            trials.add(new Describe(task, language(i), prompts.scene(dice)));
        }
        return trials;
    }

    List<Ask> questions(boolean heldOut) {
        String task = (heldOut ? HELD_OUT : "") + Scores.ANSWERS;
        Dice dice = dice(task);
        Prompts prompts = new Prompts(looks(heldOut));
        Questions questions = new Questions(looks(heldOut));
        List<Ask> trials = new ArrayList<>();
        for (int i = 0; i < (heldOut ? settings.heldOut() : settings.answers()); i++) {
            Scene scene = prompts.scene(dice);
            trials.add(new Ask(task, language(i), scene, questions.about(scene, dice)));
        }
        return trials;
    }

    /** True scenes, for the grader and for the image tokenizer. */
    List<Scene> scenes(String task, int count) {
        Dice dice = dice(task);
        Prompts prompts = new Prompts(Looks.trained(settings.world()));
        List<Scene> scenes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            scenes.add(prompts.scene(dice));
        }
        return scenes;
    }

    private Dice dice(String task) {
        return new Dice(settings.seed(), task.hashCode());
    }

    private static Language language(int index) {
        return Language.values()[index % Language.values().length];
    }

    private Looks looks(boolean heldOut) {
        return heldOut ? Looks.heldOut(settings.world()) : Looks.trained(settings.world());
    }
}
