package org.intarsia.http.openai.text;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.intarsia.engine.chat.ChatPrompt;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.http.HttpException;
import org.intarsia.http.openai.parts.Fields;
import org.intarsia.http.openai.parts.Notes;
import org.intarsia.model.api.Text;

/**
 * Makes requests of conversations: by the model's chat template where it makes no pictures and has one, else as
 * {@link Conversation#parts} says.
 */
public final class ChatPrompts {
    private static final JsonMapper JSON = new JsonMapper();
    /** As vLLM and others call what a request hands to the template. */
    private static final String VARIABLES = "chat_template_kwargs";

    private final Supplier<Optional<ChatRenderer>> renderer;

    /** @param renderer gives what renders templates; nothing while its bundle is not there */
    public ChatPrompts(Supplier<Optional<ChatRenderer>> renderer) {
        this.renderer = renderer;
    }

    /** Returns what {@link TextRequests#of} makes of a conversation. */
    List<Request> requests(Fields fields, Fields tool, Model model, Goal goal, Conversation conversation, Notes notes, int count,
            int logprobs, String... length) {
        Optional<ChatTemplate> template = goal != Goal.ANSWER || model.makes(Goal.PICTURE) || conversation.hasPictures()
                ? Optional.empty() : model.chatTemplate();
        if (template.isEmpty()) {
            return TextRequests.of(fields, tool, model, goal, List.of(conversation.parts(model, goal, notes)), count, logprobs, length);
        }
        ChatRenderer chat = renderer.get().orElseThrow(() -> HttpException.busy(503, 5, "model " + model.name() + " has a chat template,"
                + " and nothing here renders one: start or install the bundle org.intarsia.chat"));
        ChatPrompt prompt = chat.render(template.get(), conversation.messages(), variables(fields));
        return TextRequests.of(fields, tool, model, Goal.CONTINUATION, List.of(List.of(new Text(prompt.text()))), count, logprobs, length)
                .stream().map(prompt::in).toList();
    }

    private static Map<String, Object> variables(Fields fields) {
        return fields.node(VARIABLES).map(node -> {
            if (!node.isObject()) {
                throw fields.wrong(VARIABLES, "must be an object");
            }
            return JSON.convertValue(node, new TypeReference<Map<String, Object>>() { });
        }).orElse(Map.of());
    }
}
