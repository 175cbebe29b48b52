package org.intarsia.picturebook.prompts;

import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.meaning.Question;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Look;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;

/** Makes up questions that suit a scene. Immutable. */
public final class Questions {
    private static final double COLOUR_SAID = 0.4;
    private static final double SEEN = 0.7;
    private static final double YES = 0.5;
    /** Colour, size, count, count of all, what lies beside, what is of a colour, where, is there, is it night. */
    private static final double[] WEIGHTS = {0.22, 0.08, 0.12, 0.06, 0.16, 0.08, 0.10, 0.08, 0.10};

    private final Looks looks;

    /** @param looks those that a question may name beside the ones of its scene */
    public Questions(Looks looks) {
        this.looks = looks;
    }

    /**
     * A question with exactly one right answer.
     *
     * @param scene of at least one thing
     */
    public Question about(Scene scene, Dice dice) {
        while (true) {
            Optional<Question> question = attempt(scene, dice);
            if (question.isPresent()) {
                return question.get();
            }
        }
    }

    /** Empty if the diced form of question does not suit the scene. */
    private Optional<Question> attempt(Scene scene, Dice dice) {
        Thing thing = dice.pick(scene.things());
        return switch (dice.weighted(WEIGHTS)) {
            case 0 -> References.to(thing, scene, true, dice).map(Question.ColourOf::new);
            case 1 -> References.to(thing, scene, false, dice)
                    .filter(reference -> reference.size().isEmpty())
                    .map(Question.SizeOf::new);
            case 2 -> Optional.of(new Question.HowMany(some(scene, SEEN, dice)));
            case 3 -> Optional.of(new Question.HowManyThings());
            case 4 -> beside(thing, scene, dice);
            case 5 -> scene.things().stream().filter(other -> other.colour() == thing.colour()).count() == 1
                    ? Optional.of(new Question.WhatIs(thing.colour()))
                    : Optional.empty();
            case 6 -> References.to(thing, scene, false, dice).map(Question.Where::new);
            case 7 -> Optional.of(new Question.IsThere(some(scene, YES, dice)));
            default -> Optional.of(new Question.IsIt(dice.chance(YES)
                    ? scene.background()
                    : dice.pick(looks.world().backgrounds())));
        };
    }

    /** A pattern for some things of the scene or, with the rest of the chance, for any thing at all. */
    private Pattern some(Scene scene, double seen, Dice dice) {
        Thing thing = dice.pick(scene.things());
        Look look = dice.chance(seen) ? new Look(thing.kind(), thing.colour()) : looks.any(dice);
        return dice.chance(COLOUR_SAID) ? Pattern.of(look.colour(), look.kind()) : Pattern.of(look.kind());
    }

    private Optional<Question> beside(Thing thing, Scene scene, Dice dice) {
        List<Relation> answerable = List.of(Relation.values()).stream()
                .filter(relation -> scene.things().stream()
                        .filter(other -> looks.world().holds(relation, other, thing)).count() == 1)
                .toList();
        if (answerable.isEmpty()) {
            return Optional.empty();
        }
        Relation relation = dice.pick(answerable);
        return References.to(thing, scene, false, dice).map(reference -> new Question.WhatLies(relation, reference));
    }
}
