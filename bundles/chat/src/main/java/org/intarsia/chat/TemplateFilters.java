package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.AdvancedFilter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.intarsia.chat.python.Json;
import org.intarsia.chat.python.None;
import org.intarsia.chat.python.PythonMethods;
import org.intarsia.chat.python.PythonText;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.chat.python.Values;

/** The filters of Jinja that templates of models use. */
final class TemplateFilters {
    private static final Map<String, Body> FILTERS = Map.ofEntries(
            text("trim", (text, call) -> PythonText.strip(text, call.has(0, "chars") ? PythonText.str(call.get(0, "chars", "")) : null,
                    true, true)),
            text("upper", (text, _) -> text.toUpperCase(Locale.ROOT)),
            text("lower", (text, _) -> text.toLowerCase(Locale.ROOT)),
            text("title", (text, _) -> PythonMethods.title(text)),
            text("capitalize", (text, _) -> PythonMethods.capitalized(text)),
            text("string", (text, _) -> text),
            text("safe", (text, _) -> text),
            text("escape", (text, _) -> escaped(text)),
            text("e", (text, _) -> escaped(text)),
            text("indent", TemplateFilters::indent),
            text("replace", (text, call) -> PythonMethods.replace(text, PythonText.str(call.get(0, "old", "")),
                    PythonText.str(call.get(1, "new", "")), call.has(2, "count") ? call.number(2, "count", -1) : -1)),
            entry("tojson", TemplateFilters::json),
            entry("length", (value, _) -> length(value)),
            entry("count", (value, _) -> length(value)),
            entry("list", (value, _) -> Values.list(value)),
            entry("items", (value, _) -> value instanceof Map<?, ?> map ? PythonMethods.items(map) : List.of()),
            entry("default", TemplateFilters::otherwise),
            entry("d", TemplateFilters::otherwise),
            entry("first", (value, _) -> first(Values.list(value))),
            entry("last", (value, _) -> first(Values.list(value).reversed())),
            entry("reverse", (value, _) -> value instanceof CharSequence text
                    ? new StringBuilder(text).reverse().toString() : Values.list(value).reversed()),
            entry("join", (value, call) -> PythonMethods.join(PythonText.str(call.get(0, "d", "")),
                    attributes(Values.list(value), call.get(1, "attribute", null), call))),
            entry("map", TemplateFilters::map),
            entry("select", (value, call) -> chosen(value, call, false, true)),
            entry("reject", (value, call) -> chosen(value, call, false, false)),
            entry("selectattr", (value, call) -> chosen(value, call, true, true)),
            entry("rejectattr", (value, call) -> chosen(value, call, true, false)),
            entry("sort", TemplateFilters::sort),
            entry("dictsort", (value, _) -> PythonMethods.items((Map<?, ?>) value).stream()
                    .sorted(Comparator.comparing(each -> PythonText.str(((Map.Entry<?, ?>) each).getKey()).toLowerCase(Locale.ROOT)))
                    .toList()),
            entry("unique", (value, _) -> new ArrayList<>(new LinkedHashSet<>(Values.list(value)))),
            entry("min", (value, _) -> best(value, (a, b) -> Values.compare(a, b) <= 0 ? a : b)),
            entry("max", (value, _) -> best(value, (a, b) -> Values.compare(a, b) >= 0 ? a : b)),
            entry("sum", (value, _) -> Values.list(value).stream().mapToLong(each -> ((Number) each).longValue()).sum()),
            entry("int", (value, call) -> whole(value, call.get(0, "default", 0L))),
            entry("float", (value, call) -> real(value, call.get(0, "default", 0.0))),
            entry("abs", (value, _) -> value instanceof Long number ? (Object) Math.abs(number) : (Object) Math.abs((Double) value)),
            entry("round", (value, call) -> BigDecimal.valueOf(((Number) value).doubleValue())
                    .setScale(call.number(0, "precision", 0), RoundingMode.HALF_EVEN).doubleValue()));

    private TemplateFilters() {
    }

    /** The body of a filter. */
    private interface Body {
        Object apply(Object value, Call call);
    }

    private static Map.Entry<String, Body> entry(String name, Body body) {
        return Map.entry(name, body);
    }

    /** The body of a filter of texts. */
    private interface TextBody {
        String apply(String value, Call call);
    }

    private static Map.Entry<String, Body> text(String name, TextBody body) {
        return Map.entry(name, (value, call) -> body.apply(PythonText.str(value), call));
    }

    static Set<String> names() {
        return FILTERS.keySet();
    }

    static List<Filter> all() {
        return FILTERS.entrySet().stream().map(filter -> (Filter) new Named(filter.getKey(), filter.getValue()))
                .collect(Collectors.toList());
    }

    private record Named(String name, Body body) implements AdvancedFilter {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
            try {
                return body.apply(value, new Call(interpreter, arguments, named));
            } catch (ClassCastException e) {
                throw new TemplateSyntax("the filter " + name + " cannot work on a value of this type");
            }
        }
    }

    /** The arguments of one call. */
    private record Call(JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
        boolean has(int index, String name) {
            return index < arguments.length || named.containsKey(name);
        }

        Object get(int index, String name, Object otherwise) {
            return index < arguments.length ? arguments[index] : named.getOrDefault(name, otherwise);
        }

        int number(int index, String name, int otherwise) {
            return get(index, name, (long) otherwise) instanceof Number number ? number.intValue() : otherwise;
        }
    }

    private static Object json(Object value, Call call) {
        Object indent = call.get(1, "indent", None.NONE);
        String step = indent instanceof Number width ? " ".repeat(Math.clamp(width.longValue(), 0, 64))
                : indent instanceof CharSequence text ? text.toString() : null;
        List<Object> separators = call.get(2, "separators", None.NONE) instanceof List<?> both ? Values.list(both)
                : List.of(step == null ? ", " : ",", ": ");
        return new Json(Values.truth(call.get(0, "ensure_ascii", false)), step, PythonText.str(separators.get(0)),
                PythonText.str(separators.get(1)), Values.truth(call.get(3, "sort_keys", false))).of(value);
    }

    private static Object length(Object value) {
        return switch (value) {
            case null -> 0L;
            case CharSequence text -> (long) text.toString().codePointCount(0, text.length());
            case Map<?, ?> map -> (long) map.size();
            default -> (long) Values.list(value).size();
        };
    }

    private static Object otherwise(Object value, Call call) {
        boolean empty = Values.truth(call.get(1, "boolean", false)) ? !Values.truth(value) : value == null;
        return empty ? call.get(0, "default_value", "") : value;
    }

    private static Object first(List<Object> items) {
        return items.isEmpty() ? null : items.getFirst();
    }

    /** Returns the items of a value; none of one that is empty or None, as these filters do in Jinja. */
    private static List<Object> items(Object value) {
        return Values.truth(value) ? Values.list(value) : List.of();
    }

    private static Object map(Object value, Call call) {
        List<Object> items = items(value);
        if (call.named.containsKey("attribute")) {
            Object fallback = call.named.get("default");
            return attributes(items, call.named.get("attribute"), call).stream().map(each -> each == null ? fallback : each)
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        Filter filter = call.interpreter.getContext().getFilter(PythonText.str(call.arguments[0]));
        if (filter == null) {
            throw new TemplateSyntax("there is no filter " + PythonText.str(call.arguments[0]));
        }
        Object[] rest = Arrays.copyOfRange(call.arguments, 1, call.arguments.length);
        return items.stream().map(each -> filter.filter(each, call.interpreter, rest, call.named))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static List<Object> attributes(List<Object> items, Object attribute, Call call) {
        return attribute == null || attribute instanceof None ? items
                : items.stream().map(attribute(attribute, call)).collect(Collectors.toCollection(ArrayList::new));
    }

    private static Function<Object, Object> attribute(Object attribute, Call call) {
        List<String> path = List.of(PythonText.str(attribute).split("\\."));
        return item -> call.interpreter.resolveProperty(item, path);
    }

    private static Object chosen(Object value, Call call, boolean byAttribute, boolean wanted) {
        int at = byAttribute ? 1 : 0;
        Function<Object, Object> seen = byAttribute ? attribute(call.arguments[0], call) : Function.identity();
        ExpTest test = call.arguments.length > at ? call.interpreter.getContext().getExpTest(PythonText.str(call.arguments[at])) : null;
        if (test == null && call.arguments.length > at) {
            throw new TemplateSyntax("there is no test " + PythonText.str(call.arguments[at]));
        }
        Object[] rest = call.arguments.length > at ? Arrays.copyOfRange(call.arguments, at + 1, call.arguments.length) : new Object[0];
        List<Object> kept = new ArrayList<>();
        for (Object item : items(value)) {
            Object tested = seen.apply(item);
            if (wanted == (test == null ? Values.truth(tested) : test.evaluate(tested, call.interpreter, rest))) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static Object sort(Object value, Call call) {
        List<Object> items = Values.list(value);
        Object attribute = call.get(2, "attribute", null);
        Function<Object, Object> key = attribute == null ? Function.identity() : attribute(attribute, call);
        items.sort((a, b) -> Values.compare(key.apply(a), key.apply(b)));
        if (Values.truth(call.get(0, "reverse", false))) {
            Collections.reverse(items);
        }
        return items;
    }

    private static Object best(Object value, BinaryOperator<Object> better) {
        return Values.list(value).stream().reduce(better).orElse(null);
    }

    private static Object whole(Object value, Object otherwise) {
        try {
            return value instanceof Number number ? (Object) number.longValue() : Long.valueOf(PythonText.str(value).strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Object real(Object value, Object otherwise) {
        try {
            return value instanceof Number number ? (Object) number.doubleValue() : Double.valueOf(PythonText.str(value).strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static String indent(String text, Call call) {
        Object width = call.get(0, "width", 4L);
        String step = width instanceof Number number ? " ".repeat(Math.clamp(number.longValue(), 0, 64)) : PythonText.str(width);
        boolean blank = Values.truth(call.get(2, "blank", false));
        StringBuilder out = new StringBuilder(Values.truth(call.get(1, "first", false)) ? step : "");
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            out.append(i == 0 ? "" : "\n").append(i > 0 && (blank || !lines[i].isEmpty()) ? step : "").append(lines[i]);
            RenderGuard.check(out.length());
        }
        return out.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&#34;").replace("'", "&#39;");
    }
}
