package org.intarsia.http.platform;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.Servlet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.Engine;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code POST /intarsia/swap}: moves models to another backend, takes another component, or starts, stops and updates a bundle,
 * while requests run. The answer comes when it is done, and says how long it took; what cannot be done is answered 409.
 */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/intarsia/swap")
public final class SwapEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;

    private final transient Engine engine;
    private final transient Bundles bundles;

    @Activate
    public SwapEndpoint(BundleContext context, @Reference Engine engine) {
        this.engine = engine;
        this.bundles = new Bundles(context);
    }

    @Override
    protected void answer(Exchange exchange) {
        exchange.allow("POST");
        JsonNode asked = exchange.json();
        long begun = System.nanoTime();
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            answer.put("message", swap(asked));
        } catch (ModelException | BackendException | BundleException e) {
            throw HttpException.refused(409, "not_swapped", Quoted.line(String.valueOf(e.getMessage())));
        }
        answer.put("milliseconds", Math.round((System.nanoTime() - begun) / 1e5) / 10.0);
        exchange.json(200, answer);
    }

    private String swap(JsonNode asked) throws BundleException {
        if (asked.has("backend")) {
            String backend = text(asked, "backend");
            engine.useBackend(backend);
            return "models run on " + backend + " now";
        }
        if (asked.has("component")) {
            String kind = text(asked, "component");
            String name = text(asked, "name");
            engine.useComponent(kind, name);
            return "new generations take the " + kind + " " + name;
        }
        if (asked.has("bundle")) {
            String name = text(asked, "bundle");
            String action = text(asked, "do");
            bundles.change(name, action);
            return "bundle " + name + ": " + action + " is done";
        }
        throw HttpException.invalid("backend", "say what to swap: backend, component with its name, or bundle with what to do");
    }

    private static String text(JsonNode asked, String field) {
        if (!asked.path(field).isTextual()) {
            throw HttpException.invalid(field, field + " must be a text");
        }
        return asked.get(field).textValue();
    }
}
