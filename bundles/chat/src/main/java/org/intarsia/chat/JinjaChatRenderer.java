package org.intarsia.chat;

import com.hubspot.jinjava.Jinjava;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.engine.chat.ChatPrompt;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.engine.chat.Message;
import org.intarsia.chat.python.RenderGuard;
import org.intarsia.chat.python.TemplateSyntax;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Component;

/** Renders chat templates with jinjava. Nothing of jinjava is loaded before the first conversation. */
@Component(service = ChatRenderer.class)
public final class JinjaChatRenderer implements ChatRenderer {
    private static final int LONGEST_TEMPLATE = 1 << 18;
    private static final int KEPT = 16;
    /** Stands where an assistant's turn is looked for in what a template wrote. */
    private static final String PROBE = "0x5f3759df";

    private final Clock clock;
    private final Map<String, Prepared> prepared = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Prepared> eldest) {
            return size() > KEPT;
        }
    };

    public JinjaChatRenderer() {
        this(Clock.systemDefaultZone());
    }

    /** @param clock what templates see that write the date */
    JinjaChatRenderer(Clock clock) {
        this.clock = clock;
    }

    /** The library, loaded when the first template is rendered. */
    private static final class Library {
        static final Jinjava JINJAVA = create();

        /** Creates it with the class loader of this bundle as the thread's, by which it looks for its own classes. */
        private static Jinjava create() {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(JinjaChatRenderer.class.getClassLoader());
            try {
                return Dialect.create();
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }

    /** A template that was rendered before, and its end of a turn, once that is known. */
    private static final class Prepared {
        private final JinjaTemplate template;
        private Optional<String> end;

        Prepared(JinjaTemplate template) {
            this.template = template;
        }
    }

    @Override
    public ChatPrompt render(ChatTemplate template, List<Message> messages, Map<String, ?> variables) {
        Prepared known = prepared(template.text());
        String text = text(known.template, template, messages, true, variables);
        Optional<String> end;
        synchronized (known) {
            if (known.end == null) {
                known.end = end(known.template, template);
            }
            end = known.end;
        }
        return new ChatPrompt(text, end.stream().toList());
    }

    /** @throws ModelException when the template refuses, cannot be read, or takes too much */
    String text(ChatTemplate template, List<Message> messages, boolean generationPrompt, Map<String, ?> variables) {
        return text(prepared(template.text()).template, template, messages, generationPrompt, variables);
    }

    private Prepared prepared(String text) {
        if (text.length() > LONGEST_TEMPLATE) {
            throw broken("it is longer than " + LONGEST_TEMPLATE + " characters");
        }
        synchronized (prepared) {
            Prepared known = prepared.get(text);
            if (known == null) {
                try {
                    known = new Prepared(new JinjaTemplate(Library.JINJAVA, text));
                } catch (TemplateSyntax e) {
                    throw broken(e.getMessage());
                }
                prepared.put(text, known);
            }
            return known;
        }
    }

    private String text(JinjaTemplate jinja, ChatTemplate template, List<Message> messages, boolean generationPrompt,
            Map<String, ?> variables) {
        Map<String, Object> all = new HashMap<>(template.tokens());
        // Both are always there in transformers.
        all.put("tools", null);
        all.put("documents", null);
        all.putAll(variables);
        List<Map<String, Object>> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<String, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role());
            turn.put("content", message.content());
            message.name().ifPresent(name -> turn.put("name", name));
            turns.add(turn);
        }
        all.put("messages", turns);
        all.put("add_generation_prompt", generationPrompt);
        try {
            return jinja.render(all, clock);
        } catch (RenderGuard.Stop e) {
            throw e.isRefusal() ? new ModelException("the chat template of the model refuses this conversation: "
                    + Quoted.line(String.valueOf(e.getMessage()))) : broken(e.getMessage());
        }
    }

    private static ModelException broken(String why) {
        return new ModelException("the chat template of the model cannot be used: " + Quoted.line(String.valueOf(why))
                + "; complete a plain prompt, which needs none, or mend the template in the model's folder");
    }

    /** Returns the special token that follows an assistant's turn, if one does: that is where the model was trained to stop. */
    private Optional<String> end(JinjaTemplate jinja, ChatTemplate template) {
        String text;
        try {
            text = text(jinja, template, List.of(new Message("user", PROBE + "?"), new Message("assistant", PROBE)), false, Map.of());
        } catch (ModelException e) {
            return Optional.empty();
        }
        String behind = text.substring(text.lastIndexOf(PROBE) < 0 ? text.length() : text.lastIndexOf(PROBE) + PROBE.length()).strip();
        return template.special().stream().filter(token -> !token.isEmpty() && behind.startsWith(token))
                .max((a, b) -> Integer.compare(a.length(), b.length()));
    }
}
