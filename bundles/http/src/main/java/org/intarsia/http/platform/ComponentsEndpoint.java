package org.intarsia.http.platform;

import jakarta.servlet.Servlet;
import org.intarsia.engine.api.Engine;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code GET /intarsia/components}: what is installed, and what of it is in use. */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/intarsia/components")
public final class ComponentsEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;

    private final transient Engine engine;

    @Activate
    public ComponentsEndpoint(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    protected void answer(Exchange exchange) {
        exchange.allow("GET");
        exchange.json(200, Snapshot.of(engine));
    }
}
