package org.intarsia.chat;

import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.intarsia.chat.python.PythonText;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;

/** The functions that transformers gives templates. Public, since jinjava calls them by reflection. */
public final class TemplateFunctions {
    /** The value of a function's name that is not called: templates test whether the function is defined. */
    record Callable(String name) {
    }

    private TemplateFunctions() {
    }

    static List<ELFunctionDefinition> all() {
        return List.of(function("raise_exception", Object.class), function("strftime_now", Object.class),
                function("dict", Object[].class),
                function("range", Object[].class));
    }

    static Map<String, Object> names() {
        return all().stream().collect(Collectors.toMap(ELFunctionDefinition::getLocalName,
                function -> new Callable(function.getLocalName())));
    }

    private static ELFunctionDefinition function(String name, Class<?> parameter) {
        return new ELFunctionDefinition("", name, TemplateFunctions.class, name, parameter);
    }

    /** Refuses the conversation. */
    public static Object raise_exception(Object message) {
        throw RenderGuard.refuse(PythonText.str(message));
    }

    /** Returns the time in a format of C. */
    public static String strftime_now(Object format) {
        return StrftimeFormatter.format(ZonedDateTime.now(RenderGuard.clock()), PythonText.str(format), Locale.ENGLISH);
    }

    /** Returns whole numbers in a row. */
    public static List<Object> range(Object... values) {
        long begin = values.length > 1 ? number(values[0]) : 0;
        long end = values.length > 0 ? number(values[values.length > 1 ? 1 : 0]) : 0;
        long step = values.length > 2 ? number(values[2]) : 1;
        if (step == 0) {
            throw new TemplateSyntax("range() arg 3 must not be zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long number = begin; step > 0 ? number < end : number > end; number += step) {
            if (numbers.size() == RenderGuard.MOST_ITEMS) {
                throw new TemplateSyntax("it makes lists of more than " + RenderGuard.MOST_ITEMS + " items");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static long number(Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new TemplateSyntax("range takes whole numbers");
    }

    /** Returns a mapping of named values. */
    public static Map<String, Object> dict(Object... values) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Object value : values) {
            switch (value) {
                case NamedParameter named -> map.put(named.getName(), named.getValue());
                case Map<?, ?> other -> other.forEach((key, each) -> map.put(String.valueOf(key), each));
                case null, default -> throw new TemplateSyntax("dict takes named values");
            }
        }
        return map;
    }
}
