package org.intarsia.http.openai.parts;

import java.util.UUID;

/** Names of answers and the time at which they were made. */
public final class Ids {
    private Ids() {
    }

    /** Returns a name that no other answer has, such as {@code chatcmpl-…}. */
    public static String fresh(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }

    /** Returns the time in whole seconds since 1970. */
    public static long created() {
        return System.currentTimeMillis() / 1000;
    }
}
