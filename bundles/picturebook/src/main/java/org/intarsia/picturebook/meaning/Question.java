package org.intarsia.picturebook.meaning;

import java.util.List;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/** A question about a picture, with exactly one right {@link Answer}. */
public sealed interface Question {
    /** What colour is the star? */
    record ColourOf(Pattern thing) implements Question {
    }

    /** How big is the star? */
    record SizeOf(Pattern thing) implements Question {
    }

    /** How many red stars are there? */
    record HowMany(Pattern things) implements Question {
    }

    /** How many things are there? */
    record HowManyThings() implements Question {
    }

    /** What is left of the star? */
    record WhatLies(Relation relation, Pattern other) implements Question {
    }

    /** What is red? */
    record WhatIs(Colour colour) implements Question {
    }

    /** Where is the star? */
    record Where(Pattern thing) implements Question {
    }

    /** Is there a red star? */
    record IsThere(Pattern things) implements Question {
    }

    /** Is it night? */
    record IsIt(Background background) implements Question {
    }

    /**
     * The right answer.
     *
     * @throws IllegalArgumentException if the question does not suit the scene: if it asks for the one thing of some
     *                                  description, and there is none or more than one
     */
    default Answer answer(Scene scene, World world) {
        return switch (this) {
            case ColourOf(Pattern thing) -> new Answer.OfColour(scene.only(thing).colour());
            case SizeOf(Pattern thing) -> new Answer.OfSize(scene.only(thing).size());
            case HowMany(Pattern things) -> new Answer.Number(scene.matching(things).size());
            case HowManyThings() -> new Answer.Number(scene.things().size());
            case WhatLies(Relation relation, Pattern other) -> {
                Thing place = scene.only(other);
                Thing found = only(scene.things().stream().filter(t -> world.holds(relation, t, place)).toList());
                yield new Answer.Named(Pattern.of(found.colour(), found.kind()));
            }
            case WhatIs(Colour colour) -> {
                Thing found = only(scene.things().stream().filter(t -> t.colour() == colour).toList());
                yield new Answer.Named(Pattern.of(found.kind()));
            }
            case Where(Pattern thing) -> new Answer.In(Quarter.of(scene.only(thing), world));
            case IsThere(Pattern things) -> new Answer.Truth(!scene.matching(things).isEmpty());
            case IsIt(Background background) -> new Answer.Truth(scene.background() == background);
        };
    }

    private static Thing only(List<Thing> found) {
        if (found.size() != 1) {
            throw new IllegalArgumentException("the question asks for one thing, and " + found.size() + " fit");
        }
        return found.getFirst();
    }
}
