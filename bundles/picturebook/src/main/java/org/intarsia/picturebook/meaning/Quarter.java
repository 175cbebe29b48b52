package org.intarsia.picturebook.meaning;

import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/** A quarter of the picture: the short answer to "where?". */
public enum Quarter {
    TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT;

    /** The quarter that the middle of a thing lies in; the middle of the picture counts as bottom or right. */
    static Quarter of(Thing thing, World world) {
        boolean top = world.middle(thing.cell().row(), thing) < world.rows();
        boolean left = world.middle(thing.cell().column(), thing) < world.columns();
        if (top) {
            return left ? TOP_LEFT : TOP_RIGHT;
        }
        return left ? BOTTOM_LEFT : BOTTOM_RIGHT;
    }
}
