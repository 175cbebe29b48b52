package org.intarsia.chat.python;

import com.hubspot.jinjava.el.ext.NamedParameter;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** The methods of texts, lists and mappings that templates call. Those that change a value are missing, as in transformers. */
public final class PythonMethods {
    /** A method of lists and texts that stands for a slice, {@code [begin:end:step]}. */
    public static final String SLICE = "slice__";

    private PythonMethods() {
    }

    public static Object call(Object base, String name, Object[] values) {
        Object[] arguments = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            arguments[i] = values[i] instanceof NamedParameter named ? named.getValue() : values[i];
        }
        return switch (base) {
            case CharSequence text -> ofText(text.toString(), name, arguments);
            case Map<?, ?> map -> ofMap(map, name, arguments);
            case List<?> list -> ofList(list, name, arguments);
            case null -> throw new TemplateSyntax("an undefined value has no method " + name);
            default -> throw unknown("value", name);
        };
    }

    private static TemplateSyntax unknown(String type, String name) {
        return new TemplateSyntax("a " + type + " has no method " + name + " in templates");
    }

    private static Object ofText(String text, String name, Object[] values) {
        return switch (name) {
            case "strip" -> PythonText.strip(text, characters(values), true, true);
            case "lstrip" -> PythonText.strip(text, characters(values), true, false);
            case "rstrip" -> PythonText.strip(text, characters(values), false, true);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "capitalize" -> capitalized(text);
            case "startswith" -> anyOf(values, text::startsWith);
            case "endswith" -> anyOf(values, text::endsWith);
            case "removeprefix" -> text.startsWith(text(values, 0)) ? text.substring(text(values, 0).length()) : text;
            case "removesuffix" -> text.endsWith(text(values, 0))
                    ? text.substring(0, text.length() - text(values, 0).length()) : text;
            case "split" -> split(text, values);
            case "rsplit" -> rsplit(text, values);
            case "splitlines" -> lines(text);
            case "replace" -> replace(text, text(values, 0), text(values, 1), values.length > 2 ? number(values[2]) : -1);
            case "join" -> join(text, Values.list(values[0]));
            case "find" -> (long) text.indexOf(text(values, 0));
            case "rfind" -> (long) text.lastIndexOf(text(values, 0));
            case "index" -> found(text.indexOf(text(values, 0)));
            case "count" -> occurrences(text, text(values, 0));
            case "isdigit", "isnumeric", "isdecimal" -> !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            case "isalpha" -> !text.isEmpty() && text.chars().allMatch(Character::isLetter);
            case "isalnum" -> !text.isEmpty() && text.chars().allMatch(Character::isLetterOrDigit);
            case "isspace" -> !text.isEmpty() && text.chars().allMatch(c -> PythonText.space((char) c));
            case "isupper" -> text.chars().anyMatch(Character::isUpperCase) && text.chars().noneMatch(Character::isLowerCase);
            case "islower" -> text.chars().anyMatch(Character::isLowerCase) && text.chars().noneMatch(Character::isUpperCase);
            case SLICE -> join("", slice(Values.list(text), values));
            default -> throw unknown("text", name);
        };
    }

    private static Object ofMap(Map<?, ?> map, String name, Object[] values) {
        return switch (name) {
            case "get" -> {
                Object value = map.get(String.valueOf(values[0]));
                yield value != null ? value : values.length > 1 ? values[1] : None.NONE;
            }
            case "items" -> items(map);
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            case "copy" -> map;
            default -> throw unknown("mapping", name);
        };
    }

    public static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(new AbstractMap.SimpleImmutableEntry<Object, Object>(key, value)));
        return items;
    }

    private static Object ofList(List<?> list, String name, Object[] values) {
        return switch (name) {
            case SLICE -> slice(list, values);
            case "index" -> found(list.indexOf(values[0]));
            case "count" -> (long) Collections.frequency(list, values[0]);
            case "copy" -> list;
            default -> throw unknown("list", name);
        };
    }

    private static List<Object> slice(List<?> list, Object[] values) {
        int step = values.length > 2 && values[2] instanceof Number number ? number.intValue() : 1;
        if (step == 0) {
            throw new TemplateSyntax("slice step cannot be zero");
        }
        int size = list.size();
        int begin = bound(values[0], size, step, step > 0 ? 0 : size - 1);
        int end = bound(values.length > 1 ? values[1] : null, size, step, step > 0 ? size : -1);
        List<Object> items = new ArrayList<>();
        for (long i = begin; step > 0 ? i < end : i > end; i += step) {
            items.add(list.get((int) i));
        }
        return items;
    }

    private static int bound(Object value, int size, int step, int otherwise) {
        if (!(value instanceof Number number)) {
            return otherwise;
        }
        long counted = number.longValue() < 0 ? number.longValue() + size : number.longValue();
        return step > 0 ? Math.clamp(counted, 0, size) : Math.clamp(counted, -1, size - 1);
    }

    private static long found(int index) {
        if (index < 0) {
            throw new TemplateSyntax("a value that index was asked for is not there");
        }
        return index;
    }

    private static String text(Object[] values, int index) {
        if (index >= values.length) {
            throw new TemplateSyntax("a method was called with too few values");
        }
        return PythonText.str(values[index]);
    }

    private static int number(Object value) {
        return value instanceof Number number ? number.intValue() : -1;
    }

    private static String characters(Object[] values) {
        return values.length == 0 || values[0] instanceof None ? null : text(values, 0);
    }

    private static boolean anyOf(Object[] values, Predicate<String> test) {
        return values[0] instanceof List<?> several ? several.stream().map(PythonText::str).anyMatch(test)
                : test.test(text(values, 0));
    }

    private static List<Object> split(String text, Object[] values) {
        int most = values.length > 1 ? number(values[1]) : -1;
        List<Object> pieces = new ArrayList<>();
        if (values.length == 0 || values[0] instanceof None) {
            String rest = PythonText.strip(text, null, true, false);
            while (!rest.isEmpty()) {
                int end = 0;
                while (end < rest.length() && !PythonText.space(rest.charAt(end))) {
                    end++;
                }
                if (most >= 0 && pieces.size() == most) {
                    pieces.add(rest);
                    return pieces;
                }
                pieces.add(rest.substring(0, end));
                rest = PythonText.strip(rest.substring(end), null, true, false);
            }
            return pieces;
        }
        String separator = separator(values);
        int begin = 0;
        for (int at = text.indexOf(separator); at >= 0 && (most < 0 || pieces.size() < most);
                at = text.indexOf(separator, begin)) {
            pieces.add(text.substring(begin, at));
            begin = at + separator.length();
        }
        pieces.add(text.substring(begin));
        RenderGuard.check(pieces.size());
        return pieces;
    }

    private static List<Object> rsplit(String text, Object[] values) {
        int most = values.length > 1 ? number(values[1]) : -1;
        if (most < 0) {
            return split(text, values);
        }
        String separator = separator(values);
        List<Object> pieces = new ArrayList<>();
        String rest = text;
        for (int at = rest.lastIndexOf(separator); at >= 0 && pieces.size() < most; at = rest.lastIndexOf(separator)) {
            pieces.addFirst(rest.substring(at + separator.length()));
            rest = rest.substring(0, at);
        }
        pieces.addFirst(rest);
        return pieces;
    }

    private static String separator(Object[] values) {
        String separator = text(values, 0);
        if (separator.isEmpty()) {
            throw new TemplateSyntax("empty separator");
        }
        return separator;
    }

    private static List<Object> lines(String text) {
        List<Object> lines = new ArrayList<>();
        text.lines().forEach(lines::add);
        return lines;
    }

    public static String replace(String text, String from, String to, int most) {
        StringBuilder out = new StringBuilder();
        int begin = 0;
        int count = 0;
        while (most < 0 || count < most) {
            int at = text.indexOf(from, from.isEmpty() && count > 0 ? begin + 1 : begin);
            if (at < 0 || from.isEmpty() && count > text.length()) {
                break;
            }
            out.append(text, begin, at).append(to);
            RenderGuard.check(out.length());
            begin = at + from.length();
            count++;
        }
        return out.append(text.substring(begin)).toString();
    }

    public static String join(String separator, List<Object> items) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : separator).append(PythonText.str(items.get(i)));
            RenderGuard.check(out.length());
        }
        return out.toString();
    }

    private static long occurrences(String text, String part) {
        if (part.isEmpty()) {
            return text.length() + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    public static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean begins = true;
        for (char c : text.toCharArray()) {
            out.append(begins ? Character.toTitleCase(c) : Character.toLowerCase(c));
            begins = !Character.isLetter(c);
        }
        return out.toString();
    }

    public static String capitalized(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1).toLowerCase(Locale.ROOT);
    }
}
