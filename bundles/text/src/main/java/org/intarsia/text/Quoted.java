package org.intarsia.text;

import java.util.Locale;

/**
 * Texts out of files that nobody has checked, made fit for messages and terminals. A control character could move the cursor
 * or rename a window, a line break could feign a line of ours, and a change of direction could turn a name around; each
 * stands here as its number, such as {@code \\u001b}.
 */
public final class Quoted {
    private static final int LONGEST = 120;

    private Quoted() {
    }

    /** The name in quotes, in one line, without characters that nobody sees, and shortened when it is very long. */
    public static String of(String name) {
        StringBuilder text = new StringBuilder("'");
        name.codePoints().limit(LONGEST).forEach(point -> append(point,
                isHarmful(point) || Character.getType(point) == Character.FORMAT, text));
        return text.append(name.codePointCount(0, name.length()) > LONGEST ? "…'" : "'").toString();
    }

    /** The text in one line, for tables and lists. */
    public static String line(String text) {
        return escaped(text, "");
    }

    /** The text with its line breaks and tabs, but nothing else that a terminal obeys. */
    public static String lines(String text) {
        return escaped(text, System.lineSeparator() + "\n\t");
    }

    private static String escaped(String text, String allowed) {
        if (text.codePoints().noneMatch(point -> isHarmful(point) && allowed.indexOf(point) < 0)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> append(point, isHarmful(point) && allowed.indexOf(point) < 0, escaped));
        return escaped.toString();
    }

    /** Controls (C0, DEL, C1), line separators, halves of pairs, and marks that change the direction of writing. */
    private static boolean isHarmful(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            case Character.FORMAT -> switch (Character.getDirectionality(point)) {
                case Character.DIRECTIONALITY_BOUNDARY_NEUTRAL -> false;
                default -> true;
            };
            default -> false;
        };
    }

    private static void append(int point, boolean harmful, StringBuilder text) {
        if (harmful) {
            for (char unit : Character.toChars(point)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
            }
        } else {
            text.appendCodePoint(point);
        }
    }
}
