package org.intarsia.http.jetty;

import jakarta.servlet.ServletContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.intarsia.http.Errors;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.http.Json;
import org.intarsia.http.RequestIds;
import org.intarsia.text.Quoted;

/**
 * Answers requests that Jetty refuses itself, such as one that is no HTTP, in the shape of OpenAI's errors instead of Jetty's page:
 * no filter of the HTTP Whiteboard sees those.
 */
public final class JettyErrors extends ErrorHandler {

    private JettyErrors() {
    }

    /** Makes the server to which a servlet context belongs answer so, until it ends. Does nothing where that is no Jetty. */
    public static void install(ServletContext context) {
        ServletContextHandler handler = ServletContextHandler.getServletContextHandler(context);
        if (handler != null && handler.getServer() != null) {
            handler.getServer().setErrorHandler(new JettyErrors());
        }
    }

    /** Jetty would answer PUT, DELETE and unknown methods without a body. */
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        HttpException error = code == 400 ? malformed(message) : Errors.ofStatus(code);
        byte[] body = Json.line(Errors.json(error)).getBytes(StandardCharsets.UTF_8);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Content-Type", "application/json");
        headers.put("Content-Length", body.length);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpEndpoint.REQUEST_ID, RequestIds.of(request.getHeaders().get(HttpEndpoint.REQUEST_ID)));
        error.retryAfter().ifPresent(seconds -> headers.put("Retry-After", seconds));
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static HttpException malformed(String message) {
        // Jetty repeats the name of the status where it has nothing to add.
        boolean says = message != null && !message.equals(HttpStatus.getMessage(400));
        return HttpException.refused(400, "malformed_request", "the request cannot be read as HTTP"
                + (says ? " (" + Quoted.line(message) + ")" : "")
                + "; send one of HTTP/1.1 with a valid address and valid headers");
    }
}
