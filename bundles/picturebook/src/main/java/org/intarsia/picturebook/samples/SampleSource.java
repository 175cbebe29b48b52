package org.intarsia.picturebook.samples;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.language.Layout;
import org.intarsia.picturebook.language.Phrasing;
import org.intarsia.picturebook.meaning.Description;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.prompts.EditForm;
import org.intarsia.picturebook.prompts.Edits;
import org.intarsia.picturebook.prompts.Prompts;
import org.intarsia.picturebook.prompts.Questions;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.World;

/**
 * An endless series of samples with random access: a sample depends on the seed, the split and its index alone, so a
 * training run that was interrupted goes on exactly where it stopped. Safe to share between threads.
 */
public final class SampleSource {
    /** Changes whenever the same seed and index would give another sample, or the same scene another picture. */
    public static final int GENERATOR_VERSION = 2;

    /** Tells the random numbers of crowded scenes from those of the splits. */
    private static final long CROWDED = -1;

    private final World world;
    private final long seed;
    private final Split split;
    private final Mixture mixture;
    private final Prompts prompts;
    private final Prompts crowds;
    private final Questions questions;
    private final Edits edits;

    public SampleSource(World world, long seed, Split split, Mixture mixture) {
        this.world = world;
        this.seed = seed;
        this.split = split;
        this.mixture = mixture;
        this.prompts = new Prompts(split.looks(world));
        this.crowds = new Prompts(Looks.all(world));
        this.questions = new Questions(split.looks(world));
        this.edits = new Edits(split.looks(world));
    }

    /** The sample with this number, from zero. */
    public Sample sample(long index) {
        Dice dice = new Dice(seed, split.ordinal(), index);
        Language language = dice.chance(mixture.german()) ? Language.GERMAN : Language.ENGLISH;
        return switch (Task.values()[dice.weighted(mixture.weights())]) {
            case IMAGINE -> imagine(language, dice);
            case DESCRIBE -> {
                Scene scene = prompts.scene(dice);
                yield new Sample(Task.DESCRIBE, language,
                        phrased(language, dice, language.captionRequest(), Phrasing::captionRequest),
                        Optional.of(scene), Optional.empty(), Optional.of(language.caption(scene, world)));
            }
            case ANSWER -> answer(language, dice);
            case EDIT -> {
                Edits.Case edit = edits.next(dice.pick(EditForm.values()), dice);
                yield new Sample(Task.EDIT, language,
                        phrased(language, dice, language.instruction(edit.edit()), phrasing -> phrasing.instruction(edit.edit())),
                        Optional.of(edit.before()), Optional.of(edit.after()), Optional.empty());
            }
        };
    }

    private Sample imagine(Language language, Dice dice) {
        Description description = mixture.simple() > 0 && dice.chance(mixture.simple())
                ? prompts.simple(dice) : prompts.varied(dice);
        return new Sample(Task.IMAGINE, language,
                phrased(language, dice, language.sentence(description), phrasing -> phrasing.prompt(description)),
                Optional.empty(), Optional.of(prompts.fill(description, dice)), Optional.empty());
    }

    private Sample answer(Language language, Dice dice) {
        Scene scene = prompts.scene(dice);
        Question question = questions.about(scene, dice);
        String answer = language.answer(question.answer(scene, world));
        return new Sample(Task.ANSWER, language,
                phrased(language, dice, language.question(question), phrasing -> phrasing.question(question)),
                Optional.of(scene), Optional.empty(), Optional.of(answer));
    }

    /** The canonical words, or free ones as often as the world says. */
    private String phrased(Language language, Dice dice, String canonical, Function<Phrasing, String> free) {
        return world.free() > 0 && dice.chance(world.free()) ? free.apply(language.phrasing(dice)) : canonical;
    }

    /** The scenes that occur in the samples from {@code first} on, without end: what an image tokenizer learns from. */
    public Stream<Scene> scenes(long first) {
        return samples(first).flatMap(sample -> Stream.concat(sample.source().stream(), sample.picture().stream()));
    }

    /**
     * Scenes of as many things as there may be, of all looks, the held-out ones too, without end: what an image tokenizer
     * learns from whose codes are pieces of things. Each depends on the seed and its number alone.
     */
    public Stream<Scene> crowdedScenes(long first) {
        return LongStream.iterate(first, index -> index + 1).mapToObj(index -> crowds.crowded(new Dice(seed, CROWDED, index)));
    }

    /** The texts that occur in the samples from {@code first} on, without end: what a tokenizer learns from. */
    public Stream<String> texts(long first) {
        return samples(first).flatMap(sample -> Stream.concat(Stream.of(sample.text()), sample.answer().stream()));
    }

    /** The same with the layout of each picture to make. */
    public Stream<String> textsAndLayouts(long first) {
        return samples(first).flatMap(sample -> Stream.of(Stream.of(sample.text()), sample.answer().stream(),
                sample.picture().map(Layout::of).stream()).flatMap(words -> words));
    }

    private Stream<Sample> samples(long first) {
        return LongStream.iterate(first, index -> index + 1).mapToObj(this::sample);
    }
}
