package org.intarsia.page;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what a request says of the answer that it wants, as RFC 9110 defines it. A header that is absent is null. */
final class Preferences {
    private static final String WEAK = "W/";
    private static final String ANY = "*";

    private Preferences() {
    }

    /**
     * Tells whether {@code If-None-Match} names a tag. Tags are compared weakly: proxies that pack or
     * unpack a file make the strong tag a weak one, {@code W/"…"}, which clients send back.
     */
    static boolean has(String ifNoneMatch, String tag) {
        return items(ifNoneMatch).anyMatch(item -> item.equals(ANY) || strong(item).equals(strong(tag)));
    }

    private static String strong(String tag) {
        return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
    }

    /** Tells whether {@code Accept-Encoding} allows gzip: by its name, else by {@code *}, and not with the weight 0. */
    static boolean takesGzip(String acceptEncoding) {
        return weight(acceptEncoding, "gzip").or(() -> weight(acceptEncoding, "x-gzip")).or(() -> weight(acceptEncoding, ANY))
                .orElse(0.0) > 0;
    }

    private static Optional<Double> weight(String acceptEncoding, String coding) {
        return items(acceptEncoding).map(item -> item.split(";")).filter(parts -> parts.length > 0
                && parts[0].strip().equalsIgnoreCase(coding)).map(Preferences::weight).findFirst();
    }

    private static double weight(String[] parts) {
        try {
            return Arrays.stream(parts).skip(1).map(part -> part.strip().toLowerCase(Locale.ROOT)).filter(part -> part.startsWith("q="))
                    .map(part -> Double.parseDouble(part.substring(2))).findFirst().orElse(1.0);
        } catch (NumberFormatException e) {
            // A weight that is no number allows nothing: the file comes as it is, which every client takes.
            return 0;
        }
    }

    private static Stream<String> items(String list) {
        return list == null ? Stream.empty() : Arrays.stream(list.split(",")).map(String::strip);
    }
}
