package org.intarsia.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.intarsia.engine.chat.ChatPrompt;
import org.intarsia.engine.chat.ChatRenderer;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations with a model of text that has a chat template. */
class ChatTemplateApiTest {
    private static final String CHAT = "/chat/completions";
    private static final String TURNS = "{'messages': [{'role': 'developer', 'content': 'be brief'}, {'role': 'user', 'content':"
            + " [{'type': 'text', 'text': 'a'}, {'type': 'text', 'text': 'b'}]}, {'role': 'assistant', 'content': 'c'},"
            + " {'role': 'user', 'content': 'd', 'name': 'ann'}]%s}";

    private final Api api = new Api();
    private final List<Message> seen = new ArrayList<>();
    private Map<String, ?> variables;

    private final ChatRenderer renderer = (template, messages, more) -> {
        seen.addAll(messages);
        variables = more;
        if (messages.getLast().content().equals("refuse")) {
            throw new ModelException("the chat template of the model refuses this conversation: roles must alternate");
        }
        return new ChatPrompt(template.text() + messages.size(), List.of("<end>"));
    };

    @BeforeEach
    void aModelOfText() {
        api.noPictures = new ModelException("no pictures");
        api.template = new ChatTemplate("T", Map.of(), List.of());
        api.use(renderer);
    }

    @Test
    void theWholeConversationIsRenderedWithItsRoles() {
        Api.Reply reply = api.post(CHAT, TURNS.formatted(", 'chat_template_kwargs': {'enable_thinking': false, 'n': [1]}"));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(seen).extracting(Message::role).containsExactly("system", "user", "assistant", "user");
        assertThat(seen).extracting(Message::content).containsExactly("be brief", "a\nb", "c", "d");
        assertThat(seen.getLast().name()).contains("ann");
        assertThat(variables.get("enable_thinking")).isEqualTo(false);
        Request request = api.requests.getFirst();
        assertThat(request.parts()).containsExactly(new Text("T4"));
        assertThat(request.goal()).isEqualTo(Goal.CONTINUATION);
        assertThat(request.written()).isTrue();
        assertThat(request.ends()).containsExactly("<end>");
        assertThat(reply.json().path("intarsia").path("notes")).isEmpty();
    }

    @Test
    void eachOfSeveralAnswersAndAStreamGetIt() {
        assertThat(api.post(CHAT, TURNS.formatted(", 'n': 2, 'stop': 'x', 'stream': true")).data().getLast()).isEqualTo("[DONE]");
        assertThat(api.requests).hasSize(2).allMatch(Request::written).allMatch(request -> request.stop().equals(List.of("x")));
    }

    @Test
    void responsesAreRenderedWithTheirInstructions() {
        Api.Reply reply = api.post("/responses", "{'instructions': 'be brief', 'input': [{'role': 'user', 'content': 'a'}]}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(seen).extracting(Message::role).containsExactly("system", "user");
        seen.clear();
        api.post("/responses", "{'input': 'a'}");
        assertThat(seen).extracting(Message::content).containsExactly("a");
        assertThat(api.requests).allMatch(Request::written);
    }

    @Test
    void whatTheTemplateRefusesIsA400WithItsSentence() {
        Api.Reply reply = api.post(CHAT, "{'messages': [{'role': 'user', 'content': 'refuse'}]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("error").path("message").textValue()).endsWith("refuses this conversation: roles must alternate");
        assertThat(api.post(CHAT, TURNS.formatted(", 'chat_template_kwargs': 3")).status()).isEqualTo(400);
        assertThat(api.requests).isEmpty();
    }

    @Test
    void withoutTheBundleTheRequestMaySucceedLater() {
        api.use(null);
        Api.Reply reply = api.post(CHAT, TURNS.formatted(""));
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().path("error").path("message").textValue()).contains("start or install the bundle org.intarsia.chat");
    }

    @Test
    void withoutATemplateAndForModelsThatMakePicturesNothingChanges() {
        api.template = null;
        api.post(CHAT, TURNS.formatted(""));
        api.template = new ChatTemplate("T", Map.of(), List.of());
        api.noPictures = null;
        api.post(CHAT, TURNS.formatted(""));
        api.post("/completions", "{'prompt': 'x'}");
        assertThat(seen).isEmpty();
        assertThat(api.requests).hasSize(3).noneMatch(Request::written);
        assertThat(api.requests.getFirst().parts()).containsExactly(new Text("be brief\na\nb\nc\nd"));
    }
}
