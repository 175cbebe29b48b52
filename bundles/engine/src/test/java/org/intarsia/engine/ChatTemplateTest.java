package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat template that a model's files bring, and requests whose text is written out whole. */
class ChatTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BEGIN = 316;
    private static final int TURN_END = 320;

    @TempDir
    Path folder;

    @BeforeEach
    void copyModel() throws IOException {
        try (Stream<Path> files = Files.list(Workshop.FIXTURES.resolve("llama-tied"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    private ObjectNode config() throws IOException {
        return (ObjectNode) JSON.readTree(folder.resolve("tokenizer_config.json").toFile());
    }

    private void write(ObjectNode config) throws IOException {
        JSON.writeValue(folder.resolve("tokenizer_config.json").toFile(), config);
    }

    private ChatTemplate template() {
        try (OpenModel model = new Workshop().withAllFamilies().open(folder)) {
            return model.chatTemplate().orElse(null);
        }
    }

    @Test
    void isNoneWhereTheFilesBringNone() {
        assertThat(template()).isNull();
    }

    @Test
    void isReadWithTheTokensThatItKnows() throws IOException {
        write(config().put("chat_template", "{{ bos_token }}x"));
        ChatTemplate template = template();
        assertThat(template.text()).isEqualTo("{{ bos_token }}x");
        assertThat(template.tokens()).containsEntry("bos_token", "<|begin_of_text|>").containsEntry("eos_token", "<|end_of_text|>");
        assertThat(template.special()).contains("<|eot_id|>", "<|start_header_id|>");
    }

    @Test
    void isTheDefaultOneOfSeveral() throws IOException {
        ObjectNode config = config();
        config.putArray("chat_template").add(JSON.createObjectNode().put("name", "tool_use").put("template", "t"))
                .add(JSON.createObjectNode().put("name", "default").put("template", "d"));
        write(config);
        assertThat(template().text()).isEqualTo("d");
    }

    @Test
    void ofAFileOfItsOwnWins() throws IOException {
        Files.writeString(folder.resolve("chat_template.json"), "{\"chat_template\": \"old\"}");
        assertThat(template().text()).isEqualTo("old");
        write(config().put("chat_template", "config"));
        assertThat(template().text()).isEqualTo("config");
        Files.writeString(folder.resolve("chat_template.jinja"), "file\n");
        assertThat(template().text()).isEqualTo("file\n");
    }

    @Test
    void aWrittenTextGetsNoSecondBegin() {
        try (OpenModel model = new Workshop().withAllFamilies().open(folder)) {
            Request request = new Request(List.of(new Text("<|begin_of_text|>hi<|eot_id|>")), Goal.CONTINUATION,
                    model.sampling(Goal.CONTINUATION).toBuilder().temperature(0).maxTokens(4).build());
            assertThat(model.answer(request).prompt()).startsWith(BEGIN, BEGIN);
            List<Integer> written = model.answer(request.withWritten(List.of())).prompt();
            assertThat(written).startsWith(BEGIN).endsWith(TURN_END);
            assertThat(written.get(1)).isNotEqualTo(BEGIN);
            assertThat(model.room(request.withWritten(List.of()))).isEqualTo(model.room(request) + 1);
        }
    }

    @Test
    void anAnswerEndsAtATokenThatTheRequestNames() {
        try (OpenModel model = new Workshop().withAllFamilies().open(folder)) {
            Request request = new Request(List.of(new Text("once upon a time")), Goal.CONTINUATION,
                    model.sampling(Goal.CONTINUATION).toBuilder().temperature(0).maxTokens(6).build());
            List<Integer> ids = model.answer(request).ids();
            String second = model.using(() -> model.pipelines().take().components().tokenizer().token(ids.get(1)));
            Answer ended = model.answer(request.withWritten(List.of(second, "no such token")));
            assertThat(ended.outcome()).isEqualTo(Answer.Outcome.COMPLETE);
            assertThat(ended.ids().getLast()).isEqualTo(ids.get(1));
        }
    }

    @Test
    void onlyAContinuationCanBeWritten() {
        assertThatThrownBy(() -> new Request(List.of(new Text("x")), Goal.ANSWER, Sampling.builder().temperature(1).topK(50).build())
                .withWritten(List.of())).isInstanceOf(ModelException.class);
    }
}
