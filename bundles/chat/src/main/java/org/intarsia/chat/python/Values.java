package org.intarsia.chat.python;

import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Iterates, compares and copies values as Python does. */
public final class Values {
    private Values() {
    }

    /** Returns the items that a loop gives: those of a list, the keys of a mapping, the characters of a text. */
    public static List<Object> list(Object value) {
        List<Object> items = new ArrayList<>();
        switch (value) {
            case null -> {
            }
            case Map<?, ?> map -> items.addAll(map.keySet());
            case Map.Entry<?, ?> entry -> {
                items.add(entry.getKey());
                items.add(entry.getValue());
            }
            case Iterable<?> several -> several.forEach(items::add);
            case CharSequence text -> text.toString().codePoints().mapToObj(Character::toString).forEach(items::add);
            case Object[] array -> items.addAll(List.of(array));
            case None _ -> throw new TemplateSyntax("'NoneType' object is not iterable");
            default -> throw new TemplateSyntax("a value that is no list cannot be iterated");
        }
        RenderGuard.check(items.size());
        return items;
    }

    public static boolean truth(Object value) {
        return ObjectTruthValue.evaluate(value);
    }

    /** Returns values as a template sees them: null is {@link None}, numbers are longs or doubles, everything is a copy. */
    public static Object seen(Object value) {
        return switch (value) {
            case null -> None.NONE;
            case Integer number -> Long.valueOf(number);
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, each) -> copy.put(String.valueOf(key), seen(each)));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(each -> copy.add(seen(each)));
                yield copy;
            }
            default -> value;
        };
    }

    public static int compare(Object one, Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        return PythonText.str(one).compareTo(PythonText.str(other));
    }
}
