package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ELResolver;
import org.intarsia.chat.python.PythonMethods;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.chat.python.Values;

/**
 * The only way from an expression to what a value has: entries of mappings, items of lists, the fields of a loop, and the
 * methods of {@link PythonMethods}. There is no way to a Java property or method.
 */
final class TemplateResolver extends ELResolver {

    @Override
    public Object getValue(ELContext context, Object base, Object property) {
        context.setPropertyResolved(true);
        RenderGuard.check(0);
        String name = String.valueOf(property);
        return switch (base) {
            case null -> null;
            case ForLoop loop -> loopField(loop, name);
            case Map<?, ?> map -> map.get(name);
            case List<?> list -> item(list, name);
            case CharSequence text -> item(Values.list(text), name);
            case Map.Entry<?, ?> pair -> item(Values.list(pair), name);
            default -> null;
        };
    }

    private static Object item(List<?> list, String name) {
        try {
            int index = Integer.parseInt(name);
            int counted = index < 0 ? index + list.size() : index;
            return counted >= 0 && counted < list.size() ? list.get(counted) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Object loopField(ForLoop loop, String name) {
        return switch (name) {
            case "index" -> (long) loop.getIndex();
            case "index0" -> (long) loop.getIndex0();
            case "revindex" -> (long) loop.getLength() - loop.getIndex0();
            case "revindex0" -> (long) loop.getLength() - loop.getIndex();
            case "length" -> (long) loop.getLength();
            case "first" -> loop.isFirst();
            case "last" -> loop.isLast();
            case "depth" -> (long) loop.getDepth();
            case "depth0" -> (long) loop.getDepth0();
            case "previtem" -> loop instanceof LoopTag.Loop own ? own.item(loop.getIndex0() - 1) : null;
            case "nextitem" -> loop instanceof LoopTag.Loop own ? own.item(loop.getIndex()) : null;
            default -> null;
        };
    }

    @Override
    public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] params) {
        context.setPropertyResolved(true);
        RenderGuard.check(0);
        String name = String.valueOf(method);
        Object[] values = params == null ? new Object[0] : params;
        try {
            return switch (base) {
                case Filter filter -> filter(filter, values);
                case ExpTest test -> test(test, name, values);
                case ForLoop loop when name.equals("cycle") && values.length > 0 -> values[loop.getIndex0() % values.length];
                case null, default -> PythonMethods.call(base, name, values);
            };
        } catch (TemplateSyntax e) {
            throw new ELException(e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Object filter(Filter filter, Object[] values) {
        return filter.filter(values[0], (JinjavaInterpreter) values[1], (Object[]) values[2], (Map<String, Object>) values[3]);
    }

    private static Object test(ExpTest test, String name, Object[] values) {
        Object[] rest = Arrays.copyOfRange(values, 2, values.length);
        JinjavaInterpreter interpreter = (JinjavaInterpreter) values[1];
        return name.equals("evaluateNegated") != test.evaluate(values[0], interpreter, rest);
    }

    @Override
    public Class<?> getType(ELContext context, Object base, Object property) {
        return Object.class;
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {
        throw new ELException("values of a template cannot be changed");
    }

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return true;
    }

    @Override
    public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return null;
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return Object.class;
    }
}
