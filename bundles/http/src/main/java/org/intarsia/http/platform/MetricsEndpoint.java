package org.intarsia.http.platform;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import jakarta.servlet.Servlet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.intarsia.engine.api.Engine;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.server.HttpServer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code GET /metrics}: what the engine and the server count, as Prometheus reads it. */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/metrics")
public final class MetricsEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;

    private final transient Engine engine;
    private final transient HttpServer server;

    @Activate
    public MetricsEndpoint(@Reference Engine engine, @Reference HttpServer server) {
        this.engine = engine;
        this.server = server;
    }

    @Override
    protected void answer(Exchange exchange) throws IOException {
        exchange.allow("GET");
        ExpositionFormatWriter open = OpenMetricsTextFormatWriter.create();
        ExpositionFormatWriter writer = open.accepts(exchange.header("Accept").orElse(null)) ? open : PrometheusTextFormatWriter.create();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, Measurements.of(engine.metrics(), server));
        exchange.bytes(200, writer.getContentType(), text.toByteArray());
    }
}
