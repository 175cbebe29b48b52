package org.intarsia.chat;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ElseTag;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.chat.python.Values;
import org.intarsia.chat.python.Words;

/** {@code for}, with the condition and the {@code else} of Jinja, which jinjava's own has not, and with {@code loop.previtem}. */
final class LoopTag extends ForTag {
    private static final long serialVersionUID = 1;

    /** A loop that knows all its items. */
    static final class Loop extends ForLoop {
        private final transient List<Object> items;

        Loop(List<Object> items) {
            super(items.iterator(), items.size());
            this.items = items;
        }

        Object item(int index) {
            return index >= 0 && index < items.size() ? items.get(index) : null;
        }
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        String helpers = " " + node.getHelpers().strip() + " ";
        int in = Words.find(helpers, "in", 0);
        if (in < 0) {
            throw new TemplateSyntax("a loop has no 'in'");
        }
        int condition = Words.find(helpers, "if", in);
        String[] names = helpers.substring(0, in).replace("(", "").replace(")", "").strip().split("\\s*,\\s*");
        String expression = helpers.substring(in + 2, condition < 0 ? helpers.length() : condition).strip();
        List<Object> items = Values.list(interpreter.resolveELExpression(expression, node.getLineNumber()));
        if (condition >= 0) {
            items = kept(items, names, helpers.substring(condition + 2).strip(), interpreter, node);
        }
        StringBuilder out = new StringBuilder();
        List<Node> body = new ArrayList<>();
        List<Node> otherwise = new ArrayList<>();
        boolean inElse = false;
        for (Node child : node.getChildren()) {
            if (child instanceof TagNode tag && tag.getTag() instanceof ElseTag) {
                inElse = true;
            } else {
                (inElse ? otherwise : body).add(child);
            }
        }
        try (var _ = interpreter.enterScope()) {
            Loop loop = new Loop(items);
            interpreter.getContext().put(LOOP, loop);
            while (loop.hasNext()) {
                // What an iteration sets is gone in the next.
                try (var _ = interpreter.enterScope()) {
                    assign(interpreter.getContext(), names, loop.next());
                    for (Node child : body) {
                        out.append(child.render(interpreter).getValue());
                        RenderGuard.check(out.length());
                        if (loop.isContinued()) {
                            break;
                        }
                    }
                }
            }
        }
        if (items.isEmpty()) {
            otherwise.forEach(child -> out.append(child.render(interpreter).getValue()));
        }
        return out.toString();
    }

    private static List<Object> kept(List<Object> items, String[] names, String condition, JinjavaInterpreter interpreter, TagNode node) {
        List<Object> kept = new ArrayList<>();
        try (var _ = interpreter.enterScope()) {
            for (Object item : items) {
                assign(interpreter.getContext(), names, item);
                if (Values.truth(interpreter.resolveELExpression(condition, node.getLineNumber()))) {
                    kept.add(item);
                }
                RenderGuard.check(0);
            }
        }
        return kept;
    }

    private static void assign(Context context, String[] names, Object item) {
        RenderGuard.check(0);
        if (names.length == 1) {
            context.put(names[0], item);
            return;
        }
        List<Object> values = Values.list(item);
        if (values.size() != names.length) {
            throw new TemplateSyntax("a loop over " + names.length + " names got " + values.size() + " values");
        }
        for (int i = 0; i < names.length; i++) {
            context.put(names[i], values.get(i));
        }
    }
}
