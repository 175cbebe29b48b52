package org.intarsia.picturebook.meaning;

import org.intarsia.picturebook.world.Pattern;

/**
 * Some things of which words say the same.
 *
 * @param count 1 to {@link #MOST}
 */
public record Group(int count, Pattern pattern) {
    /** The largest number that the picture book has a word for. */
    public static final int MOST = 4;

    public Group {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("a group of " + count
                    + " things: the picture book counts from 1 to " + MOST);
        }
    }

    public static Group one(Pattern pattern) {
        return new Group(1, pattern);
    }
}
