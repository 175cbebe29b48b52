package org.intarsia.http.platform;

import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.http.Endpoint;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.server.HttpServer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /health}: 200 while no check has failed, 503 when one has. Checks compute on devices, so they run beside the
 * request: an answer has what is known, and {@code ?wait=true} waits for those that still run.
 */
@Component(service = Servlet.class)
@Endpoint(servlet_pattern = "/health")
public final class HealthEndpoint extends HttpEndpoint {
    private static final long serialVersionUID = 1;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final transient HttpServer server;
    /** Empty where the interfaces of health checks are not installed. */
    private final transient Optional<HealthResults> results;

    @Activate
    public HealthEndpoint(BundleContext context, @Reference HttpServer server) {
        this.server = server;
        Optional<HealthResults> found;
        try {
            found = Optional.of(new HealthResults(context));
        } catch (NoClassDefFoundError e) {
            found = Optional.empty();
        }
        this.results = found;
    }

    /** Ends checks that run. */
    @Deactivate
    public void stop() {
        results.ifPresent(HealthResults::close);
    }

    @Override
    protected void answer(Exchange exchange) {
        exchange.allow("GET");
        boolean waits = exchange.query("wait").filter("true"::equals).isPresent();
        List<HealthResults.Check> checks = results.map(some -> some.current(waits ? LONGEST : Duration.ZERO)).orElse(List.of());
        boolean stopping = server.status().isEmpty();
        boolean healthy = !stopping && checks.stream().noneMatch(HealthResults.Check::hasFailed);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", stopping ? "stopping" : healthy ? "ok" : "failed");
        if (exchange.isTrusted()) {
            answer.put("checks", checks);
        }
        exchange.json(healthy ? 200 : 503, answer);
    }
}
