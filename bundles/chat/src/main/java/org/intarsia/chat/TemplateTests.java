package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.intarsia.chat.python.None;

/** Tests of a value's type, by Python's types. */
final class TemplateTests {
    private static final Map<String, Predicate<Object>> TESTS = Map.ofEntries(
            Map.entry("defined", value -> value != null),
            Map.entry("undefined", value -> value == null),
            Map.entry("none", None.class::isInstance),
            Map.entry("string", CharSequence.class::isInstance),
            Map.entry("mapping", Map.class::isInstance),
            Map.entry("iterable", TemplateTests::iterable),
            Map.entry("sequence", TemplateTests::iterable),
            Map.entry("boolean", Boolean.class::isInstance),
            Map.entry("true", Boolean.TRUE::equals),
            Map.entry("false", Boolean.FALSE::equals),
            Map.entry("integer", value -> value instanceof Long || value instanceof Integer),
            Map.entry("float", value -> value instanceof Double || value instanceof Float),
            Map.entry("number", value -> value instanceof Number || value instanceof Boolean),
            Map.entry("callable", TemplateFunctions.Callable.class::isInstance));

    private TemplateTests() {
    }

    private static boolean iterable(Object value) {
        return value == null || value instanceof CharSequence || value instanceof Iterable || value instanceof Map;
    }

    static Set<String> names() {
        return TESTS.keySet();
    }

    static List<ExpTest> all() {
        return TESTS.entrySet().stream().map(test -> (ExpTest) new Named(test.getKey(), test.getValue())).collect(Collectors.toList());
    }

    private record Named(String name, Predicate<Object> test) implements ExpTest {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean evaluate(Object value, JinjavaInterpreter interpreter, Object... arguments) {
            return test.test(value);
        }
    }
}
