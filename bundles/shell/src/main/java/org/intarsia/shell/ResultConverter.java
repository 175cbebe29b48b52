package org.intarsia.shell;

import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Component;

/** Lets Gogo print a {@link Result} as its text; the typed value stays reachable from scripts. */
@Component(property = Converter.CONVERTER_CLASSES + "=org.intarsia.shell.Result")
public final class ResultConverter implements Converter {
    @Override
    public Object convert(Class<?> type, Object value) {
        // Nobody makes a result out of words.
        return null;
    }

    @Override
    public CharSequence format(Object value, int level, Converter next) {
        return value instanceof Result result ? result.text() : null;
    }
}
