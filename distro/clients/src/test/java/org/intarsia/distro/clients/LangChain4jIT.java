package org.intarsia.distro.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** LangChain4j's client for OpenAI's API. */
class LangChain4jIT extends Served {
    private final OpenAiImageModel pictures = OpenAiImageModel.builder().baseUrl(url).apiKey(KEY).modelName("gpt-image-1")
            .size("1024x1024").quality("high").user("me").maxRetries(0).build();
    private final ChatModel chat = OpenAiChatModel.builder().baseUrl(url).apiKey(KEY).modelName("gpt-4o").maxRetries(0).build();

    @Test
    void aPictureIsMadeAndEditedAndSpokenAbout() throws Exception {
        Image made = pictures.generate(PROMPT).content();
        assertThat(isPng(made.base64Data())).isTrue();
        Image source = Image.builder().base64Data(made.base64Data()).mimeType("image/png").build();
        Image edited = pictures.edit(source, CHANGE).content();
        assertThat(isPng(edited.base64Data())).isTrue();
        UserMessage question = UserMessage.from(TextContent.from("what colour is the star?"), ImageContent.from(made.base64Data(), "image/png"));
        assertThat(chat.chat(question).aiMessage().text()).isNotBlank();
        assertThat(streamed(UserMessage.from(ImageContent.from(star(), "image/png")))).contains("red star");
    }

    private static String streamed(UserMessage message) throws Exception {
        StreamingChatModel model = OpenAiStreamingChatModel.builder().baseUrl(url).apiKey(KEY).modelName("gpt-4o").temperature(0.0).build();
        StringBuilder text = new StringBuilder();
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        model.chat(List.of(message), new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                text.append(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });
        ChatResponse response = whole.get(30, TimeUnit.SECONDS);
        assertThat(response.aiMessage().text()).isEqualTo(text.toString());
        assertThat(response.tokenUsage().totalTokenCount()).isPositive();
        return text.toString();
    }

    @Test
    void anErrorIsTyped() {
        ChatModel none = OpenAiChatModel.builder().baseUrl(url).apiKey(KEY).modelName("nope").maxRetries(0).build();
        assertThatThrownBy(() -> none.chat("a star")).isInstanceOf(ModelNotFoundException.class).hasMessageContaining("nope");
    }
}
