package org.intarsia.engine.api;

import java.util.List;
import org.intarsia.model.api.Part;

/**
 * What goes in, and what shall come out.
 *
 * @param parts        text and pictures, in the order in which the model shall see them
 * @param goal         what shall come out
 * @param sampling     how tokens are chosen; {@link Model#sampling} gives what the model likes best
 * @param pictures     how those of pictures are chosen where they come mixed with text
 * @param previewEvery after how many codes a picture is decoded as far as it has come; 0 for never
 */
public record Request(List<Part> parts, Goal goal, Sampling sampling, Sampling pictures, int previewEvery) {
    public Request {
        parts = List.copyOf(parts);
    }

    /** A request for one kind of thing. */
    public Request(List<Part> parts, Goal goal, Sampling sampling, int previewEvery) {
        this(parts, goal, sampling, sampling, previewEvery);
    }

    /** A request without previews. */
    public Request(List<Part> parts, Goal goal, Sampling sampling) {
        this(parts, goal, sampling, 0);
    }
}
