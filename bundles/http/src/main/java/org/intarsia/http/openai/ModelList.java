package org.intarsia.http.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
import org.intarsia.http.openai.parts.Route;
import org.intarsia.text.Quoted;

/**
 * {@code GET /v1/models} and {@code GET /v1/models/NAME}. The list leaves out aliases, which would make one model look like many
 * in the menus of clients; each is answered by its name.
 */
final class ModelList implements Route {
    private final Models models;

    ModelList(Models models) {
        this.models = models;
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        exchange.allow("GET");
        if (rest.isEmpty()) {
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            models.list().stream().filter(served -> served.id().equals(served.model())).map(ModelList::json).forEach(data::add);
            ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
            list.set("data", data);
            exchange.json(200, list);
            return;
        }
        exchange.json(200, models.list().stream().filter(served -> served.id().equals(rest)).findFirst().map(ModelList::json)
                .orElseThrow(() -> HttpException.refused(404, "model_not_found", "there is no model " + Quoted.of(rest)
                        + "; GET /v1/models lists those that there are")));
    }

    private static ObjectNode json(Models.Served served) {
        return JsonNodeFactory.instance.objectNode().put("id", served.id()).put("object", "model").put("created", served.created())
                .put("owned_by", "intarsia").put("root", served.model());
    }
}
