package org.intarsia.http.openai.images;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.http.Exchange;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.PictureInput;
import org.intarsia.http.openai.parts.Route;

/**
 * {@code POST /v1/images/edits}: changes pictures as a text says, or draws cells of the first one anew. Pictures come as
 * {@code image} or {@code image[]}, in JSON also as {@code images}.
 */
public final class ImageEdits implements Route {
    private static final String IMAGE = "image";
    private static final String IMAGES = "images";

    private final Images images;

    public ImageEdits(Images images) {
        this.images = images;
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        exchange.allow("POST");
        Fields fields = Fields.of(exchange);
        List<PictureInput> pictures = new ArrayList<>();
        fields.files(IMAGE).forEach(content -> pictures.add(PictureInput.of(IMAGE, content)));
        for (JsonNode node : fields.list(IMAGE)) {
            pictures.add(PictureInput.of(IMAGE, node));
        }
        for (JsonNode node : fields.list(IMAGES)) {
            pictures.add(PictureInput.of(IMAGES, node));
        }
        if (pictures.isEmpty()) {
            throw fields.wrong(IMAGE, "is missing: hand in the picture that is to be changed");
        }
        images.answer(exchange, fields, "image_edit", pictures, Mask.read(fields));
    }
}
