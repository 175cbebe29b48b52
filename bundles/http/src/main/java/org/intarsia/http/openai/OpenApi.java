package org.intarsia.http.openai;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.osgi.service.component.annotations.Component;

/** {@code GET /openapi.json}: the description of all addresses. */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/openapi.json")
public final class OpenApi extends HttpEndpoint {
    private static final long serialVersionUID = 1;

    @Override
    protected void answer(Exchange exchange) throws IOException {
        exchange.allow("GET");
        exchange.bytes(200, "application/json", description());
    }

    static byte[] description() throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            return in.readAllBytes();
        }
    }
}
