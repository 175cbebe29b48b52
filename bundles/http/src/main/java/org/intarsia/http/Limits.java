package org.intarsia.http;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The most that a request may hold. The server puts its limits into each request, as the attribute of the name of this class.
 *
 * @param bodyBytes the most bytes of a body
 */
public record Limits(long bodyBytes) {

    /** The limits where none are configured. */
    public static final Limits DEFAULT = new Limits(64L << 20);

    static Limits of(HttpServletRequest request) {
        return request.getAttribute(Limits.class.getName()) instanceof Limits limits ? limits : DEFAULT;
    }

    /** Returns the error 413 for a body that is too large. */
    public HttpException tooLarge() {
        return HttpException.refused(413, "body_too_large", "the body of the request has more than the "
                + bodyBytes + " bytes that this server reads; send smaller or fewer pictures");
    }
}
