package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.expression.ExpressionStrategy;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import org.intarsia.chat.python.PythonText;
import org.intarsia.chat.python.RenderGuard;

/** Writes the value of an expression as Python does, once: what a text brings is never read as a template. */
final class TemplateExpressions implements ExpressionStrategy {
    private static final long serialVersionUID = 1;

    @Override
    public RenderedOutputNode interpretOutput(ExpressionToken token, JinjavaInterpreter interpreter) {
        Object value = interpreter.resolveELExpression(token.getExpr(), token.getLineNumber());
        String text = PythonText.str(value);
        RenderGuard.check(text.length());
        return new RenderedOutputNode(text);
    }
}
