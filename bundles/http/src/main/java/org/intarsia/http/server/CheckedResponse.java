package org.intarsia.http.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.intarsia.http.Errors;
import org.intarsia.http.Exchange;

/** Answers where no endpoint does, in the shape of OpenAI's errors instead of the container's page. */
final class CheckedResponse extends HttpServletResponseWrapper {
    private final HttpServletRequest request;

    CheckedResponse(HttpServletRequest request, HttpServletResponse response) {
        super(response);
        this.request = request;
    }

    @Override
    public void sendError(int status) {
        new Exchange(request, (HttpServletResponse) getResponse()).refuse(Errors.ofStatus(status));
    }

    @Override
    public void sendError(int status, String message) {
        sendError(status);
    }
}
