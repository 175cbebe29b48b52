package org.intarsia.chat.python;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/** Writes JSON as {@code json.dumps} does. */
public final class Json {
    private final StringBuilder out = new StringBuilder();
    private final boolean ascii;
    private final String indent;
    private final String item;
    private final String key;
    private final boolean sorted;

    /**
     * @param ascii  whether other characters are escaped
     * @param indent what a level is indented by, or null for one line
     * @param item   what stands between items
     * @param key    what stands behind a key
     */
    public Json(boolean ascii, String indent, String item, String key, boolean sorted) {
        this.ascii = ascii;
        this.indent = indent;
        this.item = item;
        this.key = key;
        this.sorted = sorted;
    }

    /** @throws TemplateSyntax where a value has no form in JSON */
    public String of(Object value) {
        write(value, 0);
        return out.toString();
    }

    private void write(Object value, int depth) {
        RenderGuard.check(out.length());
        switch (value) {
            case null -> throw new TemplateSyntax("an undefined value cannot be written as JSON");
            case None _ -> out.append("null");
            case CharSequence text -> quoted(text.toString());
            case Boolean truth -> out.append(truth);
            case Number number -> out.append(number);
            case Map<?, ?> map -> {
                List<? extends Map.Entry<?, ?>> entries = List.copyOf(map.entrySet());
                if (sorted) {
                    entries = entries.stream().sorted((a, b) -> PythonText.str(a.getKey()).compareTo(PythonText.str(b.getKey()))).toList();
                }
                List<? extends Map.Entry<?, ?>> all = entries;
                items('{', '}', all.size(), depth, i -> {
                    quoted(PythonText.str(all.get(i).getKey()));
                    out.append(key);
                    write(all.get(i).getValue(), depth + 1);
                });
            }
            case Iterable<?> several -> {
                List<Object> all = Values.list(several);
                items('[', ']', all.size(), depth, i -> write(all.get(i), depth + 1));
            }
            default -> throw new TemplateSyntax("a value of this type cannot be written as JSON");
        }
    }

    private void items(char begin, char end, int count, int depth, IntConsumer each) {
        out.append(begin);
        for (int i = 0; i < count; i++) {
            out.append(i == 0 ? "" : item);
            line(depth + 1);
            each.accept(i);
        }
        if (count > 0) {
            line(depth);
        }
        out.append(end);
    }

    private void line(int depth) {
        if (indent != null) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || ascii && c > '~') {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
