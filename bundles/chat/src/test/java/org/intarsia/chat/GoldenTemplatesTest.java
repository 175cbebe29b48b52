package org.intarsia.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Templates in the manner of the great families, and what transformers makes of them ({@code golden.json} says by which version). */
class GoldenTemplatesTest {
    private static final Clock DAY = Clock.fixed(Instant.parse("2026-07-09T12:34:56Z"), ZoneOffset.UTC);
    private static final JinjaChatRenderer RENDERER = new JinjaChatRenderer(DAY);

    /** One conversation. */
    private record Case(String template, String name, List<Message> messages, boolean generationPrompt, Map<String, Object> variables,
            String text, String refusal) {
    }

    @TestFactory
    Stream<DynamicTest> isRenderedAsTransformersDoes() throws IOException {
        return cases().stream().map(each -> DynamicTest.dynamicTest(each.template() + " " + each.name(), () -> {
            ChatTemplate template = new ChatTemplate(resource(each.template()), Map.of("bos_token", "<s>", "eos_token", "</s>"), List.of());
            if (each.text() != null) {
                assertThat(RENDERER.text(template, each.messages(), each.generationPrompt(), each.variables())).isEqualTo(each.text());
            } else {
                assertThat(catchThrowable(() -> RENDERER.text(template, each.messages(), each.generationPrompt(), each.variables())))
                        .isInstanceOf(ModelException.class)
                        .hasMessage("the chat template of the model refuses this conversation: " + each.refusal());
            }
        }));
    }

    @SuppressWarnings("unchecked")
    private static List<Case> cases() throws IOException {
        Map<String, Object> golden = new ObjectMapper().readValue(resource("golden.json"), new TypeReference<>() { });
        List<Case> cases = new ArrayList<>();
        for (Map<String, Object> each : (List<Map<String, Object>>) golden.get("cases")) {
            List<Message> messages = ((List<Map<String, String>>) each.get("messages")).stream()
                    .map(message -> new Message(message.get("role"), message.get("content"))).toList();
            cases.add(new Case((String) each.get("template"), (String) each.get("case"), messages, (Boolean) each.get("generation_prompt"),
                    (Map<String, Object>) each.get("variables"), (String) each.get("text"), (String) each.get("refusal")));
        }
        return cases;
    }

    static String resource(String name) throws IOException {
        try (InputStream in = GoldenTemplatesTest.class.getResourceAsStream("/templates/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
