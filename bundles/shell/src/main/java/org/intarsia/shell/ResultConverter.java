package org.intarsia.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Component;

/**
 * Lets Gogo print the value that a command has just returned as the text of its {@link Result}. The session remembers
 * only its last result: a value that somebody kept in a variable is shown as Gogo shows any other.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=java.lang.Object")
public final class ResultConverter implements Converter {
    /** Variable of a session: the last result. */
    static final String LAST = ".intarsia.result";

    @Override
    public Object convert(Class<?> type, Object value) {
        // Nobody makes a result out of words.
        return null;
    }

    @Override
    public CharSequence format(Object value, int level, Converter next) {
        return next instanceof CommandSession session && session.get(LAST) instanceof Result last && last.value() == value
                ? last.text()
                : null;
    }
}
