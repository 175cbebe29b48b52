package org.intarsia.engine.api;

import java.util.List;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/**
 * What came out of one request.
 *
 * @param parts   the text or the picture; nothing when a picture was cancelled
 * @param ids     the tokens that were chosen, without those that were given
 * @param prompt  the tokens that stood before them
 * @param outcome why it ended
 * @param origin  where it comes from
 */
public record Answer(List<Part> parts, List<Integer> ids, List<Integer> prompt, Outcome outcome, Origin origin) {

    /** Why a generation ended. */
    public enum Outcome {
        /** The picture is whole, or the model ended its text. */
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
