package org.intarsia.picturebook.meaning;

import java.util.Optional;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;

/**
 * A change of a picture. A {@link Pattern} that names the thing to change must fit exactly one thing; all that the edit
 * does not speak of stays as it was.
 */
public sealed interface Edit {
    /** Make the star green. */
    record Recolour(Pattern thing, Colour colour) implements Edit {
    }

    /** Replace the star with a house: in the same cell, and alike in all that is not said. */
    record Replace(Pattern thing, Pattern by) implements Edit {
    }

    /** Remove the star. */
    record Remove(Pattern thing) implements Edit {
    }

    /** Add a red heart, left of the star: in any free cell that fits. */
    record Add(Pattern thing, Optional<Placement> placement) implements Edit {
    }

    /** Move the star left: it stays in its row, and left of where it was. */
    record Move(Pattern thing, Relation towards) implements Edit {
    }

    /** Make it night. */
    record ChangeBackground(Background background) implements Edit {
    }

    /** Where an added thing goes, as seen from another. */
    record Placement(Relation relation, Pattern other) {
    }
}
