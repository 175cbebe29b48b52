package org.intarsia.http.openai.images;

import java.util.List;
import java.util.Optional;
import org.intarsia.http.Exchange;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Route;

/** {@code POST /v1/images/generations}: makes pictures from a text. */
public final class ImageGenerations implements Route {
    private final Images images;

    public ImageGenerations(Images images) {
        this.images = images;
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        exchange.allow("POST");
        images.answer(exchange, Fields.of(exchange), "image_generation", List.of(), Optional.empty());
    }
}
