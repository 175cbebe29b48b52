package org.intarsia.http;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** One request and its answer. Used by one thread, but for {@link #isGone}, {@link #onGone} and the stream of events. */
public final class Exchange {
    /** The attribute of a request that is {@code false} where the server asks for a token and the client has sent none. */
    public static final String TRUSTED = "org.intarsia.http.trusted";

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Disconnect disconnect = new Disconnect();
    private EventStream events;
    private boolean watching;

    /** The exchange of a servlet's request. */
    public Exchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    public String method() {
        return request.getMethod();
    }

    /** Returns the path below that of the servlet, such as {@code /picturebook}; empty where nothing follows. */
    public String path() {
        String path = request.getPathInfo();
        return path == null ? "" : path.replaceAll("/{2,}", "/");
    }

    /** Returns the path of the servlet, such as {@code /v1/models}. */
    public String servlet() {
        return request.getServletPath();
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /** Returns a parameter of the query, the first of its name. */
    public Optional<String> query(String name) {
        String query = request.getQueryString();
        // Not getParameter, which would read a form's body.
        if (query != null) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                if (equals >= 0 && decoded(pair.substring(0, equals)).equals(name)) {
                    return Optional.of(decoded(pair.substring(equals + 1)));
                }
            }
        }
        return Optional.empty();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HttpException.refused(400, "invalid_query", "the query of the address has a % that two hexadecimal digits must follow");
        }
    }

    /** The language that the client likes best. */
    public Locale locale() {
        return request.getLocale();
    }

    /**
     * Refuses methods that an endpoint does not have; {@code HEAD} is answered as {@code GET}.
     *
     * @throws HttpException 405 for any other
     */
    public void allow(String... methods) {
        List<String> allowed = List.of(methods);
        if (!allowed.contains(method()) && !(method().equals("HEAD") && allowed.contains("GET"))) {
            response.setHeader("Allow", String.join(", ", allowed));
            throw HttpException.refused(405, "method_not_allowed", "this address answers " + String.join(" and ", allowed) + " only");
        }
    }

    /**
     * Reads the body as a JSON object.
     *
     * @throws HttpException 400 where it is none, 413 where it is too large, 415 where it is a form
     */
    public JsonNode json() {
        if (isMultipart()) {
            throw HttpException.refused(415, "unsupported_media_type", "this address takes JSON, not a form: send it as application/json");
        }
        return Json.object(body());
    }

    /** Reads the whole body. */
    private byte[] body() {
        Limits limits = Limits.of(request);
        if (request.getContentLengthLong() > limits.bodyBytes()) {
            throw limits.tooLarge();
        }
        try (InputStream in = request.getInputStream()) {
            // Grows as the body comes: what was only announced takes no memory.
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] chunk = new byte[1 << 16];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                if (body.size() + length > limits.bodyBytes()) {
                    throw limits.tooLarge();
                }
                body.write(chunk, 0, length);
            }
            return body.toByteArray();
        } catch (IOException e) {
            throw unread(e);
        }
    }

    /** The error of a body that did not come whole: it took too long, broke off, or its chunks are no chunks. */
    private HttpException unread(IOException e) {
        response.setHeader("Connection", "close");
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return HttpException.refused(408, "body_timeout", "the body of the request came too slowly; send it again");
            }
        }
        return HttpException.refused(400, "body_unreadable", "the body of the request did not come whole; send it again");
    }

    public boolean isMultipart() {
        String type = request.getContentType();
        return type != null && type.regionMatches(true, 0, "multipart/form-data", 0, "multipart/form-data".length());
    }

    /**
     * Reads the body as a form of parts.
     *
     * @throws HttpException 400 where it is none, 413 where it is too large
     */
    public Multipart multipart() {
        Limits limits = Limits.of(request);
        if (request.getContentLengthLong() > limits.bodyBytes()) {
            throw limits.tooLarge();
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        Map<String, List<byte[]>> files = new LinkedHashMap<>();
        try {
            for (Part part : request.getParts()) {
                try (InputStream in = part.getInputStream()) {
                    byte[] bytes = in.readAllBytes();
                    if (!isFile(part)) {
                        fields.computeIfAbsent(part.getName(), _ -> new ArrayList<>()).add(new String(bytes, StandardCharsets.UTF_8));
                    } else {
                        files.computeIfAbsent(part.getName(), _ -> new ArrayList<>()).add(bytes);
                    }
                } finally {
                    part.delete();
                }
            }
        } catch (IOException e) {
            throw unread(e);
        } catch (ServletException | IllegalStateException e) {
            throw HttpException.refused(400, "invalid_multipart", "the body is no multipart/form-data that can be read");
        }
        return new Multipart(fields, files);
    }

    /** Clients that send a picture from memory may leave out the name of a file, but not the type. */
    private static boolean isFile(Part part) {
        String type = part.getContentType() == null ? "" : part.getContentType().toLowerCase(Locale.ROOT);
        return part.getSubmittedFileName() != null || type.startsWith("image/") || type.startsWith("application/octet-stream");
    }

    /** Tells whether the client may see details: it has sent the token, or none is asked for. */
    public boolean isTrusted() {
        return !Boolean.FALSE.equals(request.getAttribute(TRUSTED));
    }

    /** Sets a header of the answer. */
    public void set(String header, String value) {
        response.setHeader(header, value);
    }

    /** Answers with JSON. */
    public void json(int status, Object value) {
        bytes(status, "application/json", Json.line(value).getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with bytes of a type. */
    public void bytes(int status, String contentType, byte[] body) {
        // Before the client has its answer: what it sends next is another request.
        unwatch();
        response.setStatus(status);
        response.setContentType(contentType);
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
            response.flushBuffer();
        } catch (IOException e) {
            disconnect.happen();
            throw new ClientGoneException(e);
        }
    }

    /** Begins a stream of events. From now on errors are sent as an event, and the stream is closed after them. */
    public EventStream events() {
        if (events == null) {
            events = new EventStream(response, disconnect);
        }
        return events;
    }

    /** Tells whether the client has disconnected, as far as that can be known. */
    public boolean isGone() {
        watch();
        return disconnect.hasHappened();
    }

    /** Runs an action when the client disconnects: at most once, on any thread, at once where it has gone. */
    public void onGone(Runnable action) {
        disconnect.then(action);
        watch();
    }

    /** Tells whether the client is known to have disconnected, whose body need not have been read. */
    boolean isKnownGone() {
        return disconnect.hasHappened();
    }

    /** Throws where the client has disconnected. */
    public void checkGone() {
        if (isGone()) {
            throw new ClientGoneException(null);
        }
    }

    private synchronized void watch() {
        if (!watching && request.getAttribute(ClientWatch.class.getName()) instanceof ClientWatch watch) {
            watching = true;
            watch.begin(disconnect::happen);
        }
    }

    /** Answers with an error: as one, or as the last event of a stream that has begun. */
    public void refuse(HttpException error) {
        if (events != null) {
            events.error(error);
        } else if (!response.isCommitted()) {
            response.resetBuffer();
            error.retryAfter().ifPresent(seconds -> response.setIntHeader("Retry-After", seconds));
            json(error.status(), Errors.json(error));
        }
    }

    /** Ends what has begun for the answer: the stream, and the watch for the client. */
    void end() {
        if (events != null) {
            events.close();
        }
        unwatch();
    }

    private void unwatch() {
        if (request.getAttribute(ClientWatch.class.getName()) instanceof ClientWatch watch && watch.end()) {
            if (!response.isCommitted()) {
                response.setHeader("Connection", "close");
                return;
            }
            try {
                response.getOutputStream().close();
            } catch (IOException e) {
                // The client has gone, and the connection with it.
                disconnect.happen();
            }
            watch.disconnect();
        }
    }
}
