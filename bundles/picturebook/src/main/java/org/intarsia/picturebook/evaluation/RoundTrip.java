package org.intarsia.picturebook.evaluation;

import java.util.List;
import org.intarsia.picturebook.pictures.Picture;

/** A picture through the image tokenizer and back: what no picture that the model makes can surpass. */
@FunctionalInterface
public interface RoundTrip {
    /** @return a picture of the same size */
    Picture andBack(Picture picture);

    /** Several at once, for a model that is faster so; the answers stand in the order of the pictures. */
    default List<Picture> allAndBack(List<Picture> pictures) {
        return pictures.stream().map(this::andBack).toList();
    }
}
