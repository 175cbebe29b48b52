package org.intarsia.distro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A checkpoint with a chat template, from its files to its answer. The tokens are those that {@code apply_chat_template} and
 * {@code generate} of transformers 5.18 give for the same files.
 */
class ChatIT extends Launched {
    private static final Path MODEL = Path.of("../bundles/transformer.core/src/test/resources/fixtures/llama");
    private static final String TEMPLATE = """
            {{ bos_token }}{% for message in messages %}\
            {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate.') }}{% endif %}\
            {{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}\
            {% endfor %}\
            {% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}
            """;
    private static final String QUESTION = " Which planet is the largest? ";
    private static final String ANSWER = "[264,90,70,73,179,114,90,114]";

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = Files.createDirectories(folder.resolve("talker"));
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    }

    @Test
    void completeAnswersByTheTemplate() throws Exception {
        Call call = call("complete", QUESTION, "--chat", "--model", model.toString(), "--temperature", "0", "--repetition-penalty", "1",
                "--max", "8", "--json");
        assertThat(call.status()).as(call.err()).isZero();
        assertThat(call.out()).contains("\"ids\":" + ANSWER);
    }

    @Test
    void aModelWithoutATemplateIsASentence() throws Exception {
        Files.delete(model.resolve("chat_template.jinja"));
        Call call = call("complete", "hi", "--chat", "--model", model.toString());
        assertThat(call.err()).isEqualTo("intarsia: model talker has no chat template: leave out --chat, or name a model of text"
                + " whose files bring one" + System.lineSeparator());
        assertThat(call.status()).isEqualTo(1);
    }

    @Test
    void theServerAnswersByTheTemplateAndTellsWhatItRefuses() throws Exception {
        try (Serving server = new Serving(prepared("serve", "--port", "0", "--model", model.toString()), folder.resolve("errors.txt"))) {
            String settings = "\"temperature\": 0, \"repetition_penalty\": 1, \"max_tokens\": 8, \"model\": \"talker\"";
            Raw.Reply reply = server.ask(Raw.post("/v1/chat/completions", "application/json", "{" + settings
                    + ", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\", \"content\": \"hello\"},"
                    + " {\"role\": \"user\", \"content\": \"again\"}]}"));
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            // The words of the turns, and 15 special tokens around them: 48, as transformers counts.
            assertThat(reply.text()).contains("\"prompt_tokens\":48");
            Raw.Reply refused = server.ask(Raw.post("/v1/chat/completions", "application/json", "{" + settings
                    + ", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"user\", \"content\": \"again\"}]}"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("the chat template of the model refuses this conversation: Roles must alternate.");
        }
    }
}
