package org.intarsia.picturebook.evaluation;

import java.util.List;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.pictures.Picture;

/** Says in one sentence what a picture shows. */
@FunctionalInterface
public interface Describer {
    /** @param language the language of the sentence; {@link Language#captionRequest} asks for it */
    String describe(Picture picture, Language language);

    /** Several at once, for a model that is faster so; the answers stand in the order of the requests. */
    default List<String> describeAll(List<Request> requests) {
        return requests.stream().map(request -> describe(request.picture(), request.language())).toList();
    }

    record Request(Picture picture, Language language) {
    }
}
