package org.intarsia.picturebook.evaluation;

import java.util.List;
import org.intarsia.picturebook.pictures.Picture;

/** Makes a picture from a sentence: the part of a model that {@link Evaluation} tests first. */
@FunctionalInterface
public interface PictureMaker {
    /**
     * @param sentence what the picture shall show
     * @param seed     the same sentence and seed give the same picture
     * @return a picture of the size of the evaluated world
     */
    Picture make(String sentence, long seed);

    /** Several at once, for a model that is faster so; the answers stand in the order of the requests. */
    default List<Picture> makeAll(List<Request> requests) {
        return requests.stream().map(request -> make(request.sentence(), request.seed())).toList();
    }

    record Request(String sentence, long seed) {
    }
}
