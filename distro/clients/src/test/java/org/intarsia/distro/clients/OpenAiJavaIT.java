package org.intarsia.distro.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImageModel;
import com.openai.models.images.ImagesResponse;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** OpenAI's own client, {@code com.openai:openai-java}. */
class OpenAiJavaIT extends Served {
    private final OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey(KEY).maxRetries(0).build();

    @Test
    void modelsAreListed() {
        assertThat(client.models().list().data()).extracting(model -> model.id()).containsExactly("picturebook");
    }

    @Test
    void aPictureIsMadeAndEdited() throws IOException {
        ImagesResponse made = client.images().generate(ImageGenerateParams.builder().model(ImageModel.GPT_IMAGE_1).prompt(PROMPT)
                .size(ImageGenerateParams.Size._1024X1024).quality(ImageGenerateParams.Quality.HIGH).build());
        String base64 = picture(made);
        assertThat(isPng(base64)).isTrue();
        assertThat(made.usage().orElseThrow().outputTokens()).isEqualTo(64);
        byte[] file = Base64.getDecoder().decode(base64);
        Path path = folder.resolve("made.png");
        Files.write(path, file);
        ImagesResponse edited = client.images().edit(ImageEditParams.builder().model(ImageModel.GPT_IMAGE_1).image(path).prompt(CHANGE)
                .build());
        assertThat(isPng(picture(edited))).isTrue();
        assertThat(picture(edited)).isNotEqualTo(base64);
        assertThat(edited.usage().orElseThrow().inputTokensDetails().imageTokens()).isEqualTo(64);
        // From memory the client sends a part without the name of a file.
        assertThat(isPng(picture(client.images().edit(ImageEditParams.builder().model(ImageModel.GPT_IMAGE_1).image(file)
                .prompt(CHANGE).build())))).isTrue();
    }

    private static String picture(ImagesResponse response) {
        return response.data().orElseThrow().getFirst().b64Json().orElseThrow();
    }

    @Test
    void aPictureIsStreamed() {
        try (StreamResponse<ImageGenStreamEvent> events = client.images().generateStreaming(
                ImageGenerateParams.builder().model(ImageModel.GPT_IMAGE_1).prompt(PROMPT).partialImages(3).build())) {
            List<ImageGenStreamEvent> all = events.stream().toList();
            assertThat(all).hasSize(4);
            assertThat(all.subList(0, 3)).extracting(event -> event.asGenerationPartialImage().partialImageIndex()).containsExactly(0L, 1L, 2L);
            assertThat(isPng(all.getLast().asGenerationCompleted().b64Json())).isTrue();
        }
    }

    @Test
    void textIsStreamed() throws IOException {
        ChatCompletionContentPart image = ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder().url("data:image/png;base64," + star()).build()).build());
        try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(
                ChatCompletionCreateParams.builder().model("gpt-4o").temperature(0).addUserMessageOfArrayOfContentParts(List.of(image)).build())) {
            String text = chunks.stream().flatMap(chunk -> chunk.choices().stream()).flatMap(choice -> choice.delta().content().stream())
                    .collect(Collectors.joining());
            assertThat(text).contains("red star");
        }
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(
                ResponseCreateParams.builder().model("gpt-4o").input("a red").build())) {
            List<ResponseStreamEvent> all = events.stream().toList();
            assertThat(all).anyMatch(ResponseStreamEvent::isOutputTextDelta);
            assertThat(all.getLast().isCompleted() || all.getLast().isIncomplete()).isTrue();
        }
    }

    @Test
    void errorsAreTyped() {
        assertThatThrownBy(() -> client.images().generate(ImageGenerateParams.builder().model("nope").prompt(PROMPT).build()))
                .isInstanceOf(NotFoundException.class).hasMessageContaining("nope");
        assertThatThrownBy(() -> client.images().generate(ImageGenerateParams.builder().prompt(PROMPT)
                .outputFormat(ImageGenerateParams.OutputFormat.WEBP).build()))
                .isInstanceOf(BadRequestException.class).hasMessageContaining("output_format must be png or jpeg");
        // The HTTP server refuses this one before any endpoint sees it.
        assertThatThrownBy(() -> client.models().retrieve("a".repeat(20_000))).isInstanceOfSatisfying(OpenAIServiceException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(414);
            assertThat(e.code()).hasValue("uri_too_long");
            assertThat(e.headers().values("x-request-id")).hasSize(1);
        });
    }

    /** A client tries again after an error of the server, and not after one of its own. */
    @Test
    void aComponentOrModelThatIsStoppedIsNoFaultOfTheClient() throws Exception {
        assertIsMissingWithout("org.intarsia.image.decoder");
        assertIsMissingWithout("org.intarsia.model.picturebook");
        assertThat(isPng(picture(client.images().generate(ImageGenerateParams.builder().prompt(PROMPT).build())))).isTrue();
    }

    private void assertIsMissingWithout(String bundle) throws Exception {
        change(bundle, "stop");
        try {
            assertThatThrownBy(() -> client.images().generate(ImageGenerateParams.builder().model(ImageModel.GPT_IMAGE_1).prompt(PROMPT)
                    .build())).isInstanceOfSatisfying(InternalServerException.class, e -> {
                        assertThat(e.statusCode()).isEqualTo(503);
                        assertThat(e.code()).hasValue("not_ready");
                        assertThat(e.headers().values("Retry-After")).containsExactly("5");
                        assertThat(e).hasMessageContaining("start or install the bundle " + bundle);
                    });
        } finally {
            change(bundle, "start");
        }
    }

    private static void change(String bundle, String action) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url.replaceAll("/v1$", "/intarsia/swap")))
                    .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(
                            "{\"bundle\": \"" + bundle + "\", \"do\": \"" + action + "\"}")).build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }
}
