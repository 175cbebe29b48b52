package org.intarsia.picturebook.prompts;

import java.util.List;
import java.util.Optional;
import org.intarsia.picturebook.world.Dice;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Thing;

/** Finds words that single out one thing of a scene. */
final class References {
    private static final double SAY_MORE = 0.25;

    private References() {
    }

    /**
     * The shortest pattern that fits this thing alone; now and then with the colour though the kind would do. Empty if
     * another thing looks the same.
     *
     * @param open leave the colour out: it is what the sentence is about
     */
    static Optional<Pattern> to(Thing thing, Scene scene, boolean open, Dice dice) {
        Pattern kind = Pattern.of(thing.kind());
        Pattern colour = Pattern.of(thing.colour(), thing.kind());
        List<Pattern> candidates = open
                ? List.of(kind, kind.withSize(thing.size()))
                : List.of(kind, colour, kind.withSize(thing.size()), Pattern.of(thing));
        Optional<Pattern> shortest = candidates.stream().filter(p -> scene.matching(p).size() == 1).findFirst();
        boolean more = dice.chance(SAY_MORE);
        return shortest.map(pattern -> pattern.equals(kind) && more && !open ? colour : pattern);
    }
}
