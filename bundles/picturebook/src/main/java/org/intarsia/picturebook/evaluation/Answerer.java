package org.intarsia.picturebook.evaluation;

import java.util.List;
import org.intarsia.picturebook.pictures.Picture;

/** Answers questions about pictures. */
@FunctionalInterface
public interface Answerer {
    /** @return the answer alone: "red", "two", "yes" */
    String answer(Picture picture, String question);

    /** Several at once, for a model that is faster so; the answers stand in the order of the requests. */
    default List<String> answerAll(List<Request> requests) {
        return requests.stream().map(request -> answer(request.picture(), request.question())).toList();
    }

    record Request(Picture picture, String question) {
    }
}
