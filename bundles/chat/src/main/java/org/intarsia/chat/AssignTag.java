package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.SetTag;
import com.hubspot.jinjava.objects.Namespace;
import com.hubspot.jinjava.tree.parse.TagToken;
import java.util.List;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.chat.python.Values;

/** {@code set}, which changes attributes of namespaces alone, and takes lists apart. */
final class AssignTag extends SetTag {
    private static final long serialVersionUID = 1;

    @Override
    public void executeSet(TagToken token, JinjavaInterpreter interpreter, String[] names, List<?> values, boolean override) {
        RenderGuard.check(0);
        for (String name : names) {
            int dot = name.indexOf('.');
            if (dot >= 0 && !(interpreter.getContext().get(name.substring(0, dot).strip()) instanceof Namespace)) {
                throw new TemplateSyntax("cannot assign attribute on non-namespace object");
            }
        }
        List<?> apart = names.length > 1 && values != null && values.size() == 1 ? Values.list(values.getFirst()) : values;
        super.executeSet(token, interpreter, names, apart, override);
    }
}
