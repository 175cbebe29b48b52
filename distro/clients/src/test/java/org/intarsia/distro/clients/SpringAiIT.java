package org.intarsia.distro.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.NotFoundException;
import java.util.Base64;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** Spring AI's models for OpenAI's API; it has no edits of pictures. */
class SpringAiIT extends Served {
    private static final OpenAiImageOptions PICTURES = OpenAiImageOptions.builder().baseUrl(url).apiKey(KEY).model("gpt-image-1")
            .maxRetries(0).build();

    private static OpenAiChatModel chat(String model) {
        return OpenAiChatModel.builder().options(OpenAiChatOptions.builder().baseUrl(url).apiKey(KEY).model(model).maxRetries(0).build())
                .build();
    }

    @Test
    void aPictureIsMadeAndSpokenAbout() {
        String base64 = OpenAiImageModel.builder().options(PICTURES).build().call(new ImagePrompt(PROMPT)).getResult().getOutput().getB64Json();
        assertThat(isPng(base64)).isTrue();
        Media media = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(Base64.getDecoder().decode(base64)));
        Prompt prompt = new Prompt(UserMessage.builder().text("what colour is the star?").media(media).build());
        assertThat(chat("gpt-4o").call(prompt).getResult().getOutput().getText()).isNotBlank();
        String streamed = chat("gpt-4o").stream(prompt).toStream().filter(response -> response.getResult() != null)
                .map(response -> response.getResult().getOutput().getText()).filter(text -> text != null).collect(Collectors.joining());
        assertThat(streamed).isNotBlank();
    }

    @Test
    void anErrorIsTyped() {
        assertThatThrownBy(() -> chat("nope").call("a star")).isInstanceOf(NotFoundException.class).hasMessageContaining("nope");
    }
}
