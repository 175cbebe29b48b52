package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.lib.tag.MacroTag;
import com.hubspot.jinjava.tree.TagNode;
import java.util.LinkedHashMap;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.chat.python.Words;

/** {@code macro}, whose defaults may be any expression. */
final class TemplateMacroTag extends MacroTag {
    private static final long serialVersionUID = 1;

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        String helpers = node.getHelpers().strip();
        int open = helpers.indexOf('(');
        int close = helpers.lastIndexOf(')');
        if (open < 1 || close < open) {
            throw new TemplateSyntax("a macro has no list of parameters");
        }
        LinkedHashMap<String, Object> parameters = new LinkedHashMap<>();
        for (String parameter : Words.split(helpers.substring(open + 1, close))) {
            int equals = parameter.indexOf('=');
            parameters.put(equals < 0 ? parameter : parameter.substring(0, equals).strip(),
                    equals < 0 ? null : interpreter.resolveELExpression(parameter.substring(equals + 1), node.getLineNumber()));
        }
        interpreter.getContext().addGlobalMacro(new MacroFunction(node.getChildren(), helpers.substring(0, open).strip(), parameters,
                false, interpreter.getContext(), interpreter.getLineNumber(), interpreter.getPosition()));
        return "";
    }
}
