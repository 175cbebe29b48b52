package org.intarsia.http.openai;

import jakarta.servlet.Servlet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.http.Admission;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
import org.intarsia.http.openai.images.ImageEdits;
import org.intarsia.http.openai.images.ImageGenerations;
import org.intarsia.http.openai.images.Images;
import org.intarsia.http.openai.parts.Route;
import org.intarsia.http.openai.text.ChatCompletions;
import org.intarsia.http.openai.text.ChatPrompts;
import org.intarsia.http.openai.text.Completions;
import org.intarsia.http.openai.text.Responses;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * All of OpenAI's API. One servlet for all paths, since clients whose base address ends with a slash ask for
 * {@code /v1//models}, which no pattern of a servlet of its own would match.
 */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/v1/*")
public final class OpenAiApi extends HttpEndpoint {
    private static final long serialVersionUID = 1;

    private final transient Map<String, Route> routes = new TreeMap<>();
    /** Renders chat templates; null while its bundle is not there. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile ChatRenderer renderer;

    @Activate
    public OpenAiApi(@Reference Models models, @Reference Admission admission) {
        ChatPrompts prompts = new ChatPrompts(() -> Optional.ofNullable(renderer));
        Images images = new Images(models, admission);
        routes.put("/models", new ModelList(models));
        routes.put("/images/generations", new ImageGenerations(images));
        routes.put("/images/edits", new ImageEdits(images));
        routes.put("/chat/completions", new ChatCompletions(models, admission, prompts));
        routes.put("/completions", new Completions(models, admission));
        routes.put("/responses", new Responses(models, admission, prompts));
    }

    /** Sets what renders chat templates, as Declarative Services do. */
    void use(ChatRenderer chat) {
        renderer = chat;
    }

    /** Returns the paths that it answers, below {@code /v1}. */
    Set<String> paths() {
        return routes.keySet();
    }

    @Override
    protected void answer(Exchange exchange) throws Exception {
        String path = exchange.path().endsWith("/") ? exchange.path().substring(0, exchange.path().length() - 1) : exchange.path();
        if (path.startsWith("/models/")) {
            routes.get("/models").answer(exchange, path.substring("/models/".length()));
            return;
        }
        Route route = routes.get(path);
        if (route == null) {
            throw HttpException.refused(404, "unknown_url", "this server does not answer " + exchange.method() + " at this address;"
                    + " GET /openapi.json describes those that it answers");
        }
        route.answer(exchange, "");
    }
}
