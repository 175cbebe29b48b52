package org.intarsia.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import org.intarsia.chat.python.RenderGuard;

/** {@code generation}: marks what a model wrote, for training. Here it stands for its content. */
final class GenerationTag implements Tag {
    private static final long serialVersionUID = 1;

    @Override
    public String getName() {
        return "generation";
    }

    @Override
    public String getEndTagName() {
        return "endgeneration";
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        StringBuilder out = new StringBuilder();
        try (var _ = interpreter.enterScope()) {
            for (Node child : node.getChildren()) {
                out.append(child.render(interpreter).getValue());
                RenderGuard.check(out.length());
            }
        }
        return out.toString();
    }
}
