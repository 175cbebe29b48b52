package org.intarsia.weights;

/** Names out of files that nobody has checked, made fit for a one-line message. */
public final class Quoted {
    private static final int LONGEST = 120;

    private Quoted() {
    }

    /** The name in quotes, without control characters, and shortened when it is very long. */
    public static String of(String name) {
        StringBuilder text = new StringBuilder("'");
        name.codePoints().limit(LONGEST).forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
                text.append(String.format("\\u%04x", point));
            } else {
                text.appendCodePoint(point);
            }
        });
        return text.append(name.codePointCount(0, name.length()) > LONGEST ? "…'" : "'").toString();
    }
}
