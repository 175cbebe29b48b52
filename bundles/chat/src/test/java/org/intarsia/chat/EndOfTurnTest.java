package org.intarsia.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.intarsia.engine.chat.ChatPrompt;
import org.intarsia.engine.chat.Message;
import org.intarsia.engine.api.ChatTemplate;
import org.junit.jupiter.api.Test;

/** An answer ends at the special token that the template writes behind an assistant's turn, and at no other text. */
class EndOfTurnTest {
    private final JinjaChatRenderer renderer = new JinjaChatRenderer();

    private ChatPrompt prompt(String template, String... special) {
        return renderer.render(new ChatTemplate(template, Map.of("eos_token", "</s>"), List.of(special)),
                List.of(new Message("user", "hi")), Map.of());
    }

    @Test
    void isTheTokenBehindAnAssistantsTurn() {
        String template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}";
        assertThat(prompt(template, "<|im_start|>", "<|im_end|>", "<|im_end|>x").ends()).containsExactly("<|im_end|>");
        assertThat(prompt(template, "<|im_start|>", "<|im_end|>").text()).isEqualTo("<|im_start|>user\nhi<|im_end|>\n");
    }

    @Test
    void isNoneWhereOrdinaryTextFollows() {
        String template = "{% for m in messages %}[{{ m.role }}] {{ m.content }} [end] {% endfor %}";
        assertThat(prompt(template, "<|im_end|>").ends()).isEmpty();
    }

    @Test
    void isNoneWhereTheTemplateLeavesTheTurnOutOrRefusesIt() {
        assertThat(prompt("{{ messages[0].content }}</s>", "</s>").ends()).isEmpty();
        assertThat(prompt("{{ messages[0].role }}</s>", "</s>").ends()).isEmpty();
        assertThat(prompt("{% if messages|length > 1 %}{{ raise_exception('one only') }}{% endif %}x", "</s>").ends()).isEmpty();
    }
}
