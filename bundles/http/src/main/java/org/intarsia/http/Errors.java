package org.intarsia.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.intarsia.backend.api.BackendException;
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

    private static HttpException unexpected(Throwable thrown) {
        return HttpException.failed("the server failed in answering; its log has the reason under this request's id", thrown);
    }

    private static String sentence(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : Quoted.line(e.getMessage());
    }

}
