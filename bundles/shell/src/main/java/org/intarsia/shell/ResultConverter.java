package org.intarsia.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.intarsia.shell.api.Result;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Component;

/**
 * Lets Gogo print the value that a command has returned as the text of its {@link Result}. A session remembers its last
 * results, several since commands may run side by side; a value from long before is shown as Gogo shows any other.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=java.lang.Object")
public final class ResultConverter implements Converter {
    /** Variable of a session: its last results, newest first. */
    private static final String LAST = ".intarsia.results";
    private static final int KEPT = 16;

    /** Lets the session know how the value of a result is shown. */
    static void remember(CommandSession session, Result result) {
        synchronized (session) {
            List<Result> results = new ArrayList<>(last(session));
            results.addFirst(result);
            session.put(LAST, List.copyOf(results.subList(0, Math.min(KEPT, results.size()))));
        }
    }

    @SuppressWarnings("unchecked") // nobody else writes that variable
    private static List<Result> last(CommandSession session) {
        return session.get(LAST) instanceof List<?> results ? (List<Result>) results : List.of();
    }

    @Override
    public Object convert(Class<?> type, Object value) {
        // Nobody makes a result out of words.
        return null;
    }

    @Override
    public CharSequence format(Object value, int level, Converter next) {
        return next instanceof CommandSession session ? text(session, value).orElse(null) : null;
    }

    /** Returns the text of a value, where one of the session's last commands has returned that value. */
    static Optional<String> text(CommandSession session, Object value) {
        return last(session).stream().filter(result -> result.value() == value).findFirst()
                .map(result -> Quoted.lines(result.text()));
    }
}
