package org.intarsia.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of every servlet. An endpoint is a component of the service {@code jakarta.servlet.Servlet} with an
 * {@link Endpoint} annotation; it answers a request, or throws. What it throws becomes an error in the shape of OpenAI's API.
 */
public abstract class HttpEndpoint extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    /** The header that names a request, in its answer and in the log. */
    public static final String REQUEST_ID = "x-request-id";

    /**
     * Answers a request.
     *
     * @throws HttpException to be told to the client as it is
     * @throws Exception     to be told as 400 where a model refuses the request, else as 500 or 503
     */
    protected abstract void answer(Exchange exchange) throws Exception;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) {
        Exchange exchange = new Exchange(request, response);
        try {
            try {
                answer(exchange);
            } catch (ClientGoneException e) {
                throw e;
            } catch (Exception | OutOfMemoryError e) {
                fail(exchange, response, e);
            }
        } catch (ClientGoneException _) {
            // For the log alone; the number is nginx's.
            response.setStatus(499);
        } finally {
            exchange.end();
        }
    }

    private static void fail(Exchange exchange, HttpServletResponse response, Throwable thrown) {
        // Then it is the consequence, as a picture that is not whole.
        if (exchange.isKnownGone()) {
            throw new ClientGoneException(thrown);
        }
        HttpException error = Errors.of(thrown);
        if (error.status() == 500) {
            LOG.error("Request {} failed.", response.getHeader(REQUEST_ID), thrown);
        }
        exchange.refuse(error);
    }
}
