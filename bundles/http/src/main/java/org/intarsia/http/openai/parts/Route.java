package org.intarsia.http.openai.parts;

import org.intarsia.http.Exchange;

/** Answers the requests to one path of the API. */
@FunctionalInterface
public interface Route {

    /**
     * Answers a request.
     *
     * @param rest what follows the path, without the slash between; empty where nothing does
     * @throws Exception as {@link org.intarsia.http.HttpEndpoint#answer}
     */
    void answer(Exchange exchange, String rest) throws Exception;
}
