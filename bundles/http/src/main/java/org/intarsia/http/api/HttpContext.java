package org.intarsia.http.api;

import org.osgi.service.servlet.whiteboard.HttpWhiteboardConstants;

/** The servlet context of the platform. Every request in it passes the checks for tokens, limits and origins first. */
public final class HttpContext {

    /** The name of the context. */
    public static final String NAME = "intarsia";

    /** Value of the property {@code osgi.http.whiteboard.context.select} for whatever belongs into the context. */
    public static final String SELECT = "(" + HttpWhiteboardConstants.HTTP_WHITEBOARD_CONTEXT_NAME + "=" + NAME + ")";

    private HttpContext() {
    }
}
