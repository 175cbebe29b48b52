package org.intarsia.chat.python;

import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** Texts as Python writes and reads them: {@code str}, {@code repr}, {@code json.dumps}, literals and white space. */
public final class PythonText {
    private PythonText() {
    }

    public static boolean space(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** Returns where a text ends without the white space at its end. */
    public static int trimmedEnd(String text) {
        int end = text.length();
        while (end > 0 && space(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** Strips characters off the left, the right or both. */
    public static String strip(String text, String characters, boolean left, boolean right) {
        int begin = 0;
        int end = text.length();
        while (left && begin < end && strips(text.charAt(begin), characters)) {
            begin++;
        }
        while (right && end > begin && strips(text.charAt(end - 1), characters)) {
            end--;
        }
        return text.substring(begin, end);
    }

    private static boolean strips(char c, String characters) {
        return characters == null ? space(c) : characters.indexOf(c) >= 0;
    }

    /** Returns where a literal that begins at a position ends. */
    public static int literalEnd(String source, int begin) {
        for (int i = begin + 1; i < source.length(); i++) {
            if (source.charAt(i) == '\\') {
                i++;
            } else if (source.charAt(i) == source.charAt(begin)) {
                return i + 1;
            }
        }
        throw new TemplateSyntax("a text in quotes has no end");
    }

    /** Returns the value of a literal that begins at a position. */
    public static String literal(String source, int begin) {
        String body = source.substring(begin + 1, literalEnd(source, begin) - 1);
        if (body.indexOf('\\') < 0) {
            return body;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\' || i + 1 == body.length()) {
                value.append(c);
                continue;
            }
            char escaped = body.charAt(++i);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'v' -> value.append('\u000b');
                case 'a' -> value.append('\u0007');
                case '\n' -> {
                }
                case '\\', '\'', '"' -> value.append(escaped);
                case 'x' -> i = code(body, i, 2, value);
                case 'u' -> i = code(body, i, 4, value);
                case 'U' -> i = code(body, i, 8, value);
                default -> {
                    if (escaped >= '0' && escaped <= '7') {
                        int end = i;
                        while (end < body.length() && end < i + 3 && body.charAt(end) >= '0' && body.charAt(end) <= '7') {
                            end++;
                        }
                        value.append((char) Integer.parseInt(body.substring(i, end), 8));
                        i = end - 1;
                    } else {
                        value.append('\\').append(escaped);
                    }
                }
            }
        }
        return value.toString();
    }

    private static int code(String body, int at, int digits, StringBuilder value) {
        try {
            value.appendCodePoint(Integer.parseInt(body.substring(at + 1, at + 1 + digits), 16));
            return at + digits;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new TemplateSyntax("a text in quotes has an escape that stands for no character");
        }
    }

    /** Returns what {@code str(value)} gives; nothing for what is undefined. */
    public static String str(Object value) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case CharSequence text -> text.toString();
            default -> repr(value);
        };
    }

    private static String repr(Object value) {
        StringBuilder out = new StringBuilder();
        repr(value, out);
        return out.toString();
    }

    private static void repr(Object value, StringBuilder out) {
        RenderGuard.check(out.length());
        switch (value) {
            case null -> out.append("Undefined");
            case None _ -> out.append("None");
            case Boolean truth -> out.append(truth ? "True" : "False");
            case Float number -> out.append(number);
            case Number number -> out.append(number);
            case CharSequence text -> quoted(text.toString(), out);
            case Map<?, ?> map -> {
                out.append('{');
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    repr(entry.getKey(), out);
                    out.append(": ");
                    repr(entry.getValue(), out);
                    out.append(entries.hasNext() ? ", " : "");
                }
                out.append('}');
            }
            case Map.Entry<?, ?> entry -> {
                out.append('(');
                repr(entry.getKey(), out);
                out.append(", ");
                repr(entry.getValue(), out);
                out.append(')');
            }
            case Iterable<?> items -> {
                out.append('[');
                Iterator<?> rest = items.iterator();
                while (rest.hasNext()) {
                    repr(rest.next(), out);
                    out.append(rest.hasNext() ? ", " : "");
                }
                out.append(']');
            }
            default -> out.append('<').append(value.getClass().getSimpleName()).append('>');
        }
    }

    private static void quoted(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(c);
                    } else if (c < ' ' || c == '\u007f') {
                        out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append(quote);
    }
}
