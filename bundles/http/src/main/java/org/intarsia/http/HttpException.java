package org.intarsia.http;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that is answered with an error in the shape of OpenAI's API. The message is one sentence for the caller: what was
 * wrong, and what mends it.
 */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String param;
    private final String code;
    private final int retryAfter;

    private HttpException(int status, String type, String param, String code, int retryAfter, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Returns an error 400 about a parameter of the request. */
    public static HttpException invalid(String param, String message) {
        return new HttpException(400, "invalid_request_error", param, "invalid_value", 0, message);
    }

    /** Returns an error of the request with another status, such as 404 or 413. */
    public static HttpException refused(int status, String code, String message) {
        return new HttpException(status, "invalid_request_error", null, code, 0, message);
    }

    /** Returns an error 429 or 503 with a time after which the client may try again, in seconds. */
    public static HttpException busy(int status, int retryAfterSeconds, String message) {
        return new HttpException(status, status == 429 ? "rate_limit_exceeded" : "server_error", null,
                status == 429 ? "queue_full" : "not_ready", retryAfterSeconds, message);
    }

    /** Returns an error 500. */
    public static HttpException failed(String message, Throwable cause) {
        HttpException failed = new HttpException(500, "server_error", null, "internal_error", 0, message);
        failed.initCause(cause);
        return failed;
    }

    public int status() {
        return status;
    }

    /** The kind of error, in OpenAI's words. */
    public String type() {
        return type;
    }

    /** The name of the parameter that is wrong. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }

    public String code() {
        return code;
    }

    /** Seconds for the header {@code Retry-After}. */
    public OptionalInt retryAfter() {
        return retryAfter > 0 ? OptionalInt.of(retryAfter) : OptionalInt.empty();
    }
}
