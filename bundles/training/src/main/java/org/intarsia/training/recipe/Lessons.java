package org.intarsia.training.recipe;

import java.util.List;
import org.intarsia.picturebook.samples.Sample;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.World;

/** The samples of a training, of one lesson after the other. Which lesson a sample belongs to, its number says. */
public final class Lessons {
    private final List<Recipe.Lesson> lessons;
    private final List<SampleSource> sources;

    /** @param lessons in the order of their first samples, the first from sample 0 on */
    public Lessons(List<Recipe.Lesson> lessons, World world, long seed) {
        this.lessons = lessons;
        this.sources = lessons.stream()
                .map(lesson -> new SampleSource(world, seed, Split.TRAIN, lesson.mixture())).toList();
    }

    /** The sample with this number, from zero. */
    public Sample sample(long number) {
        return sources.get(index(number)).sample(number);
    }

    /** How much a token of a thing weighs; one of the empty background weighs 1. */
    public double thingWeight(long number) {
        return lessons.get(index(number)).thingWeight();
    }

    /** The factor on the weight of a token of an edit's picture that differs from the source. */
    public double changedWeight(long number) {
        return lessons.get(index(number)).changedWeight();
    }

    /** The weight of a word of an answer or of a layout. */
    public double textWeight(long number) {
        return lessons.get(index(number)).textWeight();
    }

    private int index(long number) {
        int index = lessons.size() - 1;
        while (index > 0 && lessons.get(index).from() > number) {
            index--;
        }
        return index;
    }
}
