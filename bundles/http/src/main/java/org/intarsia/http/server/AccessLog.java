package org.intarsia.http.server;

import org.intarsia.text.Quoted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line for each request. What clients send stands there without characters that could feign other lines. */
final class AccessLog {
    /** The name of the logger. */
    static final String NAME = "org.intarsia.http.access";
    private static final int LONGEST = 200;

    private final Logger logger = LoggerFactory.getLogger(NAME);
    private final boolean on;

    AccessLog(boolean on) {
        this.on = on;
    }

    void log(String id, String method, String path, int status, long millis) {
        if (on) {
            logger.info("{} {} {} {} {} ms", id, plain(method), plain(path), status, millis);
        }
    }

    private static String plain(String text) {
        return Quoted.line(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
    }
}
