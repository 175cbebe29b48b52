package org.intarsia.engine.chat;

import java.util.List;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;

/**
 * A conversation as a model reads it. A request for it has the goal {@link Goal#CONTINUATION}, and is made complete by
 * {@link #in}.
 *
 * @param text the text, special tokens included
 * @param ends the special token that the template writes right behind an assistant's turn, if it writes one: the answer ends
 *             there, whatever the model's files name as the end of a text
 */
public record ChatPrompt(String text, List<String> ends) {
    public ChatPrompt {
        ends = List.copyOf(ends);
    }

    /** Returns a request that continues {@link #text}, and puts nothing around it. */
    public Request in(Request request) {
        return request.withWritten(ends);
    }
}
