package org.intarsia.picturebook.evaluation;

import java.util.List;
import org.intarsia.picturebook.pictures.Picture;

/** Makes a picture from a picture and an instruction. */
@FunctionalInterface
public interface Editor {
    /**
     * @param picture     what to begin with
     * @param instruction what to change
     * @param seed        the same request gives the same picture
     * @return a picture of the same size
     */
    Picture edit(Picture picture, String instruction, long seed);

    /** Several at once, for a model that is faster so; the answers stand in the order of the requests. */
    default List<Picture> editAll(List<Request> requests) {
        return requests.stream().map(r -> edit(r.picture(), r.instruction(), r.seed())).toList();
    }

    record Request(Picture picture, String instruction, long seed) {
    }
}
