package org.intarsia.http.server;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.time.Duration;
import org.intarsia.http.ClientWatch;
import org.intarsia.http.Limits;

/** A request that has passed the checks: its path without doubled slashes, its body within limits. */
final class CheckedRequest extends HttpServletRequestWrapper {
    private final Limits limits;
    private final Duration patience;
    private final BodyMemory memory;
    private BoundedInput in;

    CheckedRequest(HttpServletRequest request, Limits limits, Duration patience, BodyMemory memory, ClientWatch watch) {
        super(request);
        this.limits = limits;
        this.patience = patience;
        this.memory = memory;
        request.setAttribute(Limits.class.getName(), limits);
        request.setAttribute(ClientWatch.class.getName(), watch);
    }

    /** Returns the whole path, decoded, as it is looked up. */
    static String path(HttpServletRequest request) {
        String path = (request.getServletPath() == null ? "" : request.getServletPath())
                + (request.getPathInfo() == null ? "" : request.getPathInfo());
        return path.replaceAll("/{2,}", "/");
    }

    @Override
    public String getServletPath() {
        return "";
    }

    @Override
    public String getPathInfo() {
        return path((HttpServletRequest) getRequest());
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (in == null) {
            in = new BoundedInput(super.getInputStream(), limits, patience, memory);
        }
        return in;
    }

    /** Gives back the memory of what was read. */
    void release() {
        if (in != null) {
            in.release();
        }
    }
}
