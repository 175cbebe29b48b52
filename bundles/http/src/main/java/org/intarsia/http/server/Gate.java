package org.intarsia.http.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpEndpoint;
import org.intarsia.http.HttpException;
import org.intarsia.http.Limits;
import org.intarsia.http.RequestIds;
import org.intarsia.http.jetty.JettyErrors;
import org.intarsia.http.jetty.JettyWatch;
import org.osgi.service.servlet.whiteboard.Preprocessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks that every request passes first. It gets its name; then its host, origin, token, type and size are checked, in this order;
 * then it is answered; at last it is counted and logged.
 */
final class Gate implements Preprocessor {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** Characters that servers read in different ways, so that one checks another path than the next one serves. */
    private static final Pattern UNCLEAR = Pattern.compile("(?i)%2f|%5c|%2e|%00|[;\\\\]|/\\.\\.?(/|$)");

    private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9_-]+( *, *[A-Za-z0-9_-]+)*");

    private static final Logger LOGGER = LoggerFactory.getLogger(Gate.class);
    private static final Duration LINGERING = Duration.ofSeconds(2);
    private static final long MOST_LINGERING = 64 << 20;

    private final Settings settings;
    private final Optional<Token> token;
    private final Limits limits;
    private final BodyMemory bodies;
    private final RequestStatistics statistics;
    private final AccessLog log;

    Gate(Settings settings, RequestStatistics statistics) {
        this.settings = settings;
        this.token = settings.token().map(Token::new);
        this.limits = new Limits(settings.bodyBytes());
        this.bodies = BodyMemory.ofHeap(settings.bodyBytes());
        this.statistics = statistics;
        this.log = new AccessLog(settings.log());
    }

    @Override
    public void init(FilterConfig config) {
        JettyErrors.install(config.getServletContext());
    }

    @Override
    public void doFilter(ServletRequest anyRequest, ServletResponse anyResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) anyRequest;
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        long begun = System.nanoTime();
        String id = RequestIds.of(request.getHeader(HttpEndpoint.REQUEST_ID));
        response.setHeader(HttpEndpoint.REQUEST_ID, id);
        response.setHeader("X-Content-Type-Options", "nosniff");
        String path = CheckedRequest.path(request);
        statistics.begin();
        try {
            if (!isAnswered(request, response, path)) {
                CheckedRequest checked = new CheckedRequest(request, limits, settings.idle(), bodies, new JettyWatch(request));
                try {
                    chain.doFilter(checked, new CheckedResponse(request, response));
                } finally {
                    checked.release();
                }
            }
        } catch (HttpException e) {
            new Exchange(request, response).refuse(e);
        } finally {
            long nanos = System.nanoTime() - begun;
            statistics.end(path, response.getStatus(), nanos);
            log.log(id, request.getMethod(), path, response.getStatus(), nanos / 1_000_000);
            linger(request, response);
        }
    }

    /**
     * Reads on for a moment where a request was refused before it had come whole. To close a connection on which something
     * has come that nobody reads resets it, and the client may lose the answer that says why.
     */
    private static void linger(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // To read what was announced by Expect would ask for it.
        if (response.getStatus() < 400 || READING.contains(request.getMethod()) || request.getHeader("Expect") != null) {
            return;
        }
        response.flushBuffer();
        long end = System.nanoTime() + LINGERING.toNanos();
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = request.getInputStream()) {
            long left = MOST_LINGERING;
            for (int length = in.read(chunk); length >= 0 && left > 0 && System.nanoTime() < end; length = in.read(chunk)) {
                left -= length;
            }
        } catch (IOException e) {
            // It did not come whole after all, and the answer is on its way.
            LOGGER.debug("A request that was refused has broken off.", e);
        }
    }

    /** Checks a request, and answers it where a browser only asks whether it might be sent. */
    private boolean isAnswered(HttpServletRequest request, HttpServletResponse response, String path) {
        if (UNCLEAR.matcher(request.getRequestURI()).find()) {
            throw HttpException.refused(400, "unclear_path", "the address holds a slash, backslash, dot or semicolon that is written as"
                    + " another character, or may end a part of the path; leave it out");
        }
        checkHost(request.getHeader("Host"));
        boolean reading = READING.contains(request.getMethod());
        String origin = request.getHeader("Origin");
        if (origin != null && settings.origins().contains(origin)) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", HttpEndpoint.REQUEST_ID + ", Retry-After");
            response.addHeader("Vary", "Origin");
            if (request.getMethod().equals("OPTIONS")) {
                response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
                response.setHeader("Access-Control-Allow-Headers", headers(request.getHeader("Access-Control-Request-Headers")));
                response.setStatus(204);
                return true;
            }
        } else if (origin != null && !reading && !isOwn(origin, request)) {
            throw HttpException.refused(403, "origin_refused", "pages of another origin may not send requests to this server;"
                    + " the setting origins names those that may");
        }
        boolean trusted = token.isEmpty() || token.get().isIn(request.getHeader("Authorization"));
        request.setAttribute(Exchange.TRUSTED, trusted);
        if (!trusted && isGuarded(path, reading)) {
            throw untrusted(request, response);
        }
        if (!reading) {
            checkBody(request);
        }
        return false;
    }

    /** A name that another's DNS server turns to this machine would let pages of his reach the server. */
    private void checkHost(String header) {
        if (header == null || token.isPresent()) {
            // No browser leaves the header out, and none has the token for a page of another.
            return;
        }
        String host = Addresses.hostOf(header);
        if (!Addresses.isFixed(host) && !settings.hosts().contains(host)) {
            throw HttpException.refused(403, "host_refused", "this server is not known by the name in the header Host;"
                    + " the setting hosts names others than localhost");
        }
    }

    private static boolean isOwn(String origin, HttpServletRequest request) {
        String host = request.getHeader("Host");
        return host != null && origin.toLowerCase(Locale.ROOT).equals((request.isSecure() ? "https://" : "http://")
                + host.toLowerCase(Locale.ROOT));
    }

    /** Tells whether a request needs the token: the page and its description are open, and health without details. */
    private static boolean isGuarded(String path, boolean reading) {
        return !reading || Stream.of("/v1", "/intarsia", "/metrics").anyMatch(part -> path.equals(part) || path.startsWith(part + "/"));
    }

    private static HttpException untrusted(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("WWW-Authenticate", "Bearer");
        return HttpException.refused(401, "invalid_api_key", request.getHeader("Authorization") == null
                ? "this server asks for a token; send it as the header Authorization: Bearer TOKEN"
                : "the token in the header Authorization is not that of this server");
    }

    private void checkBody(HttpServletRequest request) {
        String type = request.getContentType() == null ? "" : request.getContentType().toLowerCase(Locale.ROOT);
        boolean empty = request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null;
        // Others can be sent by the pages of anybody, without the browser asking first.
        if (!type.startsWith("application/json") && !type.startsWith("multipart/form-data")
                && !(empty && request.getMethod().equals("DELETE"))) {
            throw HttpException.refused(415, "unsupported_media_type",
                    "the header Content-Type must be application/json or multipart/form-data");
        }
        String coding = request.getHeader("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw HttpException.refused(415, "unsupported_content_encoding", "the body is compressed, but this server unpacks none: send"
                    + " it without the header Content-Encoding");
        }
        if (request.getContentLengthLong() > limits.bodyBytes()) {
            throw limits.tooLarge();
        }
    }

    /** Any that the page wants to send: clients in browsers have headers of their own, such as {@code x-stainless-lang}. */
    private static String headers(String asked) {
        return asked != null && HEADERS.matcher(asked).matches() ? asked : "Authorization, Content-Type, " + HttpEndpoint.REQUEST_ID;
    }

    @Override
    public void destroy() {
        // Nothing was made.
    }
}
