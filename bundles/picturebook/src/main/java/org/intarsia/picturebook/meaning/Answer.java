package org.intarsia.picturebook.meaning;

import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Size;

/** The answer to a {@link Question}; a language puts it into words. */
public sealed interface Answer {
    record OfColour(Colour colour) implements Answer {
    }

    record OfSize(Size size) implements Answer {
    }

    /** A count from 0 to {@link Group#MOST}. */
    record Number(int count) implements Answer {
    }

    /** "a red star", "a star". */
    record Named(Pattern thing) implements Answer {
    }

    record In(Quarter quarter) implements Answer {
    }

    record Truth(boolean yes) implements Answer {
    }
}
