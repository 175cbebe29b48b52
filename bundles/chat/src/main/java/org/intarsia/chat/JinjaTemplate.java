package org.intarsia.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.AutoCloseableSupplier.AutoCloseableImpl;
import com.hubspot.jinjava.interpret.CollectionTooBigException;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.OutputTooBigException;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.tree.Node;
import java.time.Clock;
import java.util.Map;
import org.intarsia.chat.python.None;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.chat.python.Values;

/** A template, ready to be rendered many times. Safe for use by several threads. */
final class JinjaTemplate {
    private static final int LONGEST_SENTENCE = 200;

    private final Jinjava jinjava;
    private final TemplateSource.Translated source;

    JinjaTemplate(Jinjava jinjava, String text) {
        this.jinjava = jinjava;
        this.source = TemplateSource.translate(text);
    }

    /** A filter or a test that there is not: it fails when it is asked. */
    private record Missing(String name) implements Filter, ExpTest {
        @Override
        public String getName() {
            return TemplateSource.MISSING + name;
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
            throw new TemplateSyntax("no filter named '" + name + "'");
        }

        @Override
        public boolean evaluate(Object value, JinjavaInterpreter interpreter, Object... arguments) {
            throw new TemplateSyntax("no test named '" + name + "'");
        }
    }

    /** @throws RenderGuard.Stop when the template refuses, is broken, or takes too much */
    String render(Map<String, Object> variables, Clock clock) {
        Context context = new Context(jinjava.getGlobalContextCopy(), Map.of(), jinjava.getGlobalConfig().getDisabled());
        for (int i = 0; i < source.literals().size(); i++) {
            context.put(TemplateSource.name(i), source.literals().get(i));
        }
        // A context does not inherit it.
        context.setExpressionStrategy(new TemplateExpressions());
        source.missing().forEach(name -> {
            context.registerFilter(new Missing(name));
            context.registerExpTest(new Missing(name));
        });
        context.put(TemplateSource.NONE, None.NONE);
        TemplateFunctions.names().forEach(context::put);
        variables.forEach((name, value) -> context.put(name, Values.seen(value)));
        JinjavaInterpreter interpreter = new JinjavaInterpreter(jinjava, context, jinjava.getGlobalConfig());
        RenderGuard guard = RenderGuard.begin(clock);
        try (AutoCloseableImpl<JinjavaInterpreter> _ = JinjavaInterpreter.closeablePushCurrent(interpreter).get()) {
            Node tree = interpreter.parse(source.text());
            String text = interpreter.render(tree);
            if (guard.stopped() != null) {
                throw guard.stopped();
            }
            if (!interpreter.getErrors().isEmpty()) {
                TemplateError error = interpreter.getErrors().getFirst();
                throw stop(error.getException(), error.getMessage());
            }
            return text;
        } catch (RuntimeException e) {
            throw guard.stopped() != null ? guard.stopped() : stop(e, e.getMessage());
        } catch (StackOverflowError e) {
            throw new RenderGuard.Stop("it is nested too deep", false);
        } finally {
            RenderGuard.finish();
        }
    }

    /** Says in one sentence what went wrong, without the names of classes. */
    private static RenderGuard.Stop stop(Throwable thrown, String otherwise) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case RenderGuard.Stop stop -> {
                    return stop;
                }
                case TemplateSyntax syntax -> {
                    return new RenderGuard.Stop(syntax.getMessage(), false);
                }
                case OutputTooBigException _ -> {
                    return new RenderGuard.Stop("it writes more than " + RenderGuard.LONGEST + " characters", false);
                }
                case CollectionTooBigException _ -> {
                    return new RenderGuard.Stop("it makes lists of more than " + RenderGuard.MOST_ITEMS + " items", false);
                }
                default -> {
                }
            }
        }
        String line = String.valueOf(otherwise).lines().findFirst().orElse("").replaceAll("[\\w.]+(Exception|Error): ", "");
        return new RenderGuard.Stop(line.length() > LONGEST_SENTENCE ? line.substring(0, LONGEST_SENTENCE) + "…" : line, false);
    }
}
