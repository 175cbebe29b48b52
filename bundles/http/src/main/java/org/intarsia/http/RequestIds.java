package org.intarsia.http;

import java.util.UUID;
import java.util.regex.Pattern;

/** The names of requests, for their answers and the log. */
public final class RequestIds {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private RequestIds() {
    }

    /** Returns the client's own name for its request where that is short and plain, else a new one. */
    public static String of(String given) {
        return given != null && PLAIN.matcher(given).matches() ? given : "req_" + UUID.randomUUID().toString().replace("-", "");
    }
}
