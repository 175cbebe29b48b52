package org.intarsia.http.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpException;

/** Answers where no endpoint does, in the shape of OpenAI's errors instead of the container's page. */
final class CheckedResponse extends HttpServletResponseWrapper {
    private final HttpServletRequest request;

    CheckedResponse(HttpServletRequest request, HttpServletResponse response) {
        super(response);
        this.request = request;
    }

    @Override
    public void sendError(int status) {
        HttpException error = switch (status) {
            case 404 -> HttpException.refused(404, "not_found", "nothing is served at this address; /openapi.json describes what is");
            case 405 -> HttpException.refused(405, "method_not_allowed", "this address does not answer requests of this method");
            default -> status >= 500 ? HttpException.failed("the server failed in answering; its log has the reason", null)
                    : HttpException.refused(status, "refused", "the request cannot be answered");
        };
        new Exchange(request, (HttpServletResponse) getResponse()).refuse(error);
    }

    @Override
    public void sendError(int status, String message) {
        sendError(status);
    }
}
