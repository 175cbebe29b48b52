package org.intarsia.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.BusyException;
import org.intarsia.engine.api.Missing;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/** Turns what goes wrong into errors of OpenAI's shape. */
public final class Errors {

    private Errors() {
    }

    /** Returns {@code {"error": {message, type, param, code}}}. */
    public static Map<String, Object> json(HttpException error) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("message", error.getMessage());
        fields.put("type", error.type());
        fields.put("param", error.param().orElse(null));
        fields.put("code", error.code());
        return Map.of("error", fields);
    }

    /** Returns the error that a client is told when an endpoint has thrown this. */
    public static HttpException of(Throwable thrown) {
        return switch (thrown) {
            case HttpException e -> e;
            case BusyException e -> HttpException.busy(429, 5, sentence(e));
            case ModelException e when e instanceof Missing -> HttpException.busy(503, 5, sentence(e));
            case ModelException e -> HttpException.refused(400, "model_refused", sentence(e));
            case BackendException e -> HttpException.busy(503, 5, sentence(e));
            case WeightsException e -> HttpException.failed(sentence(e), e);
            case OutOfMemoryError _ -> HttpException.busy(503, 10,
                    "there is not enough memory for this request at the moment; try again later, or with fewer pictures");
            case CancellationException _ -> HttpException.busy(503, 5, "the request was cancelled, since the server stops");
            default -> unexpected(thrown);
        };
    }

    /** Returns the error for a status that the container gives where no endpoint answers. */
    public static HttpException ofStatus(int status) {
        return switch (status) {
            case 404 -> HttpException.refused(404, "not_found", "nothing is served at this address; /openapi.json describes what is");
            case 405 -> HttpException.refused(405, "method_not_allowed", "this address does not answer requests of this method");
            case 408 -> HttpException.refused(408, "request_timeout", "the request came too slowly; send it again");
            case 414 -> HttpException.refused(414, "uri_too_long", "the address of the request is longer than this server reads;"
                    + " send long texts in the body");
            case 431 -> HttpException.refused(431, "headers_too_large", "the headers of the request are longer than this server reads;"
                    + " send fewer or shorter ones");
            case 503 -> HttpException.busy(503, 5, "the server starts or stops; try again later");
            case 426, 505 -> HttpException.refused(status, "http_version_not_supported", "this server speaks HTTP/1.1 and HTTP/1.0 only");
            default -> status >= 500 ? HttpException.failed("the server failed in answering; its log has the reason", null)
                    : HttpException.refused(status, "refused", "the request cannot be answered");
        };
    }

    private static HttpException unexpected(Throwable thrown) {
        return HttpException.failed("the server failed in answering; its log has the reason under this request's id", thrown);
    }

    private static String sentence(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : Quoted.line(e.getMessage());
    }

}
