package org.intarsia.transformer.core;

import java.util.List;
import java.util.function.Consumer;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.PromptFormat.Source;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;

/** Writes parts into a stream one behind the other: what the families' formats do alike. */
final class Writing {
    private Writing() {
    }

    /**
     * Text by text, each tokenized by itself.
     *
     * @param picture adds a picture to the row
     */
    static TokenRow parts(TokenRow row, List<Part> parts, Source source, Consumer<Image> picture) {
        for (Part part : parts) {
            switch (part) {
                case Text text -> row.add(source.text(text.text()));
                case Image image -> picture.accept(image);
            }
        }
        return row;
    }

    /**
     * As one text that only pictures interrupt, which is tokenized from picture to picture.
     *
     * @param before       text in front of the parts
     * @param afterPicture text behind each picture
     * @param behind       text behind the parts
     * @param picture      adds a picture to the row
     */
    static TokenRow turn(TokenRow row, String before, List<Part> parts, String afterPicture, String behind, Source source,
            Consumer<Image> picture) {
        StringBuilder pending = new StringBuilder(before);
        for (Part part : parts) {
            switch (part) {
                case Text text -> pending.append(text.text());
                case Image image -> {
                    row.add(source.text(pending.toString()));
                    pending.setLength(0);
                    pending.append(afterPicture);
                    picture.accept(image);
                }
            }
        }
        return row.add(source.text(pending.append(behind).toString()));
    }
}
