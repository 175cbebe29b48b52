package org.intarsia.picturebook.samples;

import java.util.function.Function;
import org.intarsia.picturebook.world.Looks;
import org.intarsia.picturebook.world.World;

/** Which samples a {@link SampleSource} draws. */
public enum Split {
    /** For training. */
    TRAIN(Looks::trained),
    /** Drawn as for training, from other random numbers. */
    VALIDATION(Looks::trained),
    /** About the looks that training never shows. */
    HELD_OUT(Looks::heldOut);

    private final Function<World, Looks> looks;

    Split(Function<World, Looks> looks) {
        this.looks = looks;
    }

    Looks looks(World world) {
        return looks.apply(world);
    }
}
