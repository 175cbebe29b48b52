package org.intarsia.engine.api;

import java.util.List;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/**
 * What came out of one request.
 *
 * @param parts             the text or the picture; nothing when a picture was cancelled
 * @param ids               the tokens that were chosen, without those that were given; with those of a stop string, and of a
 *                          redraw with those that were kept
 * @param prompt            the tokens that stood before them
 * @param outcome           why it ended
 * @param origin            where it comes from
 * @param promptImageTokens how many tokens of the prompt are codes or features of pictures
 * @param tokens            the tokens of text with their log probabilities, as they were told; empty where
 *                          {@link Request#logprobs} asks for none
 */
public record Answer(List<Part> parts, List<Integer> ids, List<Integer> prompt, Outcome outcome, Origin origin,
        int promptImageTokens, List<Event.Token> tokens) {

    /** Why a generation ended. */
    public enum Outcome {
        /** The picture is whole, the model ended its text, or a stop string came. */
        COMPLETE,
        /** The most tokens that were asked for, or that the model can hold, were reached. */
        LENGTH,
        /** Somebody cancelled it. */
        CANCELLED
    }

    public Answer {
        parts = List.copyOf(parts);
        ids = List.copyOf(ids);
        prompt = List.copyOf(prompt);
        tokens = List.copyOf(tokens);
    }

    /** An answer to a request without pictures in its prompt, without log probabilities. */
    public Answer(List<Part> parts, List<Integer> ids, List<Integer> prompt, Outcome outcome, Origin origin) {
        this(parts, ids, prompt, outcome, origin, 0, List.of());
    }

    /** All text of the answer. */
    public String text() {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> {
            if (part instanceof Text piece) {
                text.append(piece.text());
            }
        });
        return text.toString();
    }

    /** All pictures of the answer. */
    public List<Image> images() {
        return parts.stream().filter(Image.class::isInstance).map(Image.class::cast).toList();
    }
}
