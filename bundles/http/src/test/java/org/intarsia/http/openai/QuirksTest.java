package org.intarsia.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.http.HttpException;
import org.intarsia.http.openai.parts.PictureOutput;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;

/** Each quirk of a public client or server that once broke the other. */
class QuirksTest {
    private static final byte[] PNG = PictureFiles.png(StandIn.picture(9), Optional.empty());
    private static final String URL = "data:image/png;base64," + Base64.getEncoder().encodeToString(PNG);
    private static final String CHAT = "/chat/completions";
    private static final String HELLO = "'messages': [{'role': 'user', 'content': 'a star'}]";

    private final Api api = new Api();

    @Test
    void picturesOfFormsComeWithAndWithoutBrackets() {
        for (String name : List.of("image", "image[]")) {
            Api.Reply reply = api.form("/images/edits", new Api.FormPart(name, "a.png", PNG), Api.field("prompt", "a star"));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(api.requests.getLast().parts().getLast()).isEqualTo(StandIn.picture(9));
        }
        api.form("/images/edits", new Api.FormPart("image[]", "a.png", PNG), new Api.FormPart("image[]", "b.png", PNG),
                Api.field("prompt", "a star"), Api.field("n", "2"), Api.field("intarsia[progress]", "true"));
        assertThat(api.requests.getLast().parts()).hasSize(3);
        assertThat(api.requests).hasSize(4);
    }

    @Test
    void aPictureOfAFormMayHaveNoFileName() {
        api.form("/images/edits", new Api.FormPart("image", null, "application/octet-stream", PNG), Api.field("prompt", "a star"));
        assertThat(api.requests.getLast().parts().getLast()).isEqualTo(StandIn.picture(9));
    }

    @Test
    void theFormOfAPictureIsATextOrAnObject() {
        for (String format : List.of("'b64_json'", "{'type': 'b64_json'}", "null")) {
            Api.Reply reply = api.post("/images/generations", "{'prompt': 'a star', 'response_format': " + format + "}");
            assertThat(reply.json().at("/data/0/b64_json").asText()).isNotEmpty();
            assertThat(reply.json().at("/data/0/url").isMissingNode()).isTrue();
        }
        Api.Reply url = api.post("/images/generations", "{'prompt': 'a star', 'response_format': 'url'}");
        assertThat(url.json().at("/data/0/url").asText()).startsWith("data:image/png;base64,");
        assertThat(api.post("/images/generations", "{'prompt': 'a star', 'response_format': 'gif'}").status()).isEqualTo(400);
    }

    @Test
    void unknownParametersAreIgnoredAndNamed() {
        Api.Reply reply = api.post("/images/generations",
                "{'prompt': 'a star', 'style': 'vivid', 'quality': 'hd', 'user': 'me', 'size': '1024x1024', 'unheard_of': {'a': 1}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().at("/data/0/intarsia/notes")).extracting(JsonNode::asText).containsExactly(
                "size: the model makes pictures of 64x64 only", "ignored: style, quality, user, unheard_of");
        assertThat(reply.json().at("/size").asText()).isEqualTo("64x64");
    }

    @Test
    void whatWouldChangeTheResultIsRefused() {
        Api.Reply refused = api.post("/images/generations", "{'prompt': 'a star', 'negative_prompt': 'dark'}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().at("/error/param").asText()).isEqualTo("negative_prompt");
        assertThat(api.post("/images/generations", "{'prompt': 'a star', 'negative_prompt': ''}").status()).isEqualTo(200);
        assertThat(api.post("/images/generations", "{'prompt': 'a star', 'output_format': 'webp'}").json().at("/error/message").asText())
                .isEqualTo("output_format must be png or jpeg: pictures are written in no other format");
    }

    @Test
    void samplingIsFollowedByEveryEndpointOfText() {
        String sampling = "'temperature': 0.5, 'top_k': 7, 'top_p': 0.8, 'min_p': 0.05, 'repetition_penalty': 1.1,"
                + " 'presence_penalty': -1.5, 'frequency_penalty': 2, 'logit_bias': {'5': -100, '17': 0.5}, 'seed': 3,"
                + " 'service_tier': 'flex', 'intarsia': {'draft': 4}";
        for (String call : List.of("/chat/completions {'messages': [{'role': 'user', 'content': 'star'}], ",
                "/completions {'prompt': 'star', ",
                "/responses {'input': 'star', ")) {
            String[] address = call.split(" ", 2);
            Api.Reply reply = api.post(address[0], address[1] + sampling + "}");
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.body()).as(call).doesNotContain("ignored");
            Request request = api.requests.getLast();
            Sampling expected = api.sampling(request.goal()).toBuilder().temperature(0.5).topK(7).topP(0.8).minP(0.05)
                    .repetitionPenalty(1.1).presencePenalty(-1.5).frequencyPenalty(2).logitBias(Map.of(5, -100.0, 17, 0.5)).seed(3).build();
            assertThat(request.sampling()).as(call).isEqualTo(expected.withMaxTokens(request.sampling().maxTokens()));
            assertThat(request.draft()).as(call).isEqualTo(4);
            assertThat(request.priority()).as(call).isEqualTo(Request.Priority.LOW);
        }
    }

    @Test
    void aTierIsThePriority() {
        Map.of("'auto'", Request.Priority.NORMAL, "'default'", Request.Priority.NORMAL, "'scale'", Request.Priority.NORMAL,
                "'flex'", Request.Priority.LOW, "'priority'", Request.Priority.HIGH, "null", Request.Priority.NORMAL)
                .forEach((tier, priority) -> {
                    assertThat(api.post("/images/generations", "{'prompt': 'a star', 'service_tier': " + tier + "}").status()).isEqualTo(200);
                    assertThat(api.requests.getLast().priority()).as(tier).isEqualTo(priority);
                });
        assertThat(api.post(CHAT, "{" + HELLO + ", 'service_tier': 'auto'}").json().path("service_tier").asText()).isEqualTo("default");
        assertThat(api.post("/responses", "{'input': 'star', 'service_tier': 'priority'}").json().path("service_tier").asText())
                .isEqualTo("priority");
        assertThat(api.post(CHAT, "{" + HELLO + "}").json().has("service_tier")).isFalse();
        assertThat(api.post(CHAT, "{" + HELLO + ", 'service_tier': 'gold'}").json().at("/error/message").asText())
                .isEqualTo("service_tier must be auto, default, scale, flex or priority");
    }

    @Test
    void samplingOutOfItsRangeIsRefusedByName() {
        String biases = IntStream.range(0, 1025).mapToObj(id -> "'" + id + "': 1").collect(Collectors.joining(", "));
        Map.of("'presence_penalty': 2.5", "presence_penalty must be from -2 to 2, not 2.5",
                "'frequency_penalty': -3", "frequency_penalty must be from -2 to 2, not -3",
                "'logit_bias': {'5': 101}", "logit_bias.5 must be from -100 to 100, not 101",
                "'logit_bias': {'fox': 1}", "logit_bias must name tokens by their ids, not by 'fox'",
                "'logit_bias': [5]", "logit_bias must be an object",
                "'logit_bias': {" + biases + "}", "logit_bias may name 1024 tokens at most, not 1025",
                "'intarsia': {'draft': 33}", "intarsia.draft must be from 0 to 32, not 33").forEach((field, message) -> {
                    Api.Reply reply = api.post("/completions", "{'prompt': 'star', " + field + "}");
                    assertThat(reply.status()).as(field).isEqualTo(400);
                    assertThat(reply.json().at("/error/message").asText()).isEqualTo(message);
                });
    }

    @Test
    void namesThatClientsHaveBuiltInOpenTheDefaultModel() {
        assertThat(api.get("/models/gpt-image-1").json().at("/root").asText()).isEqualTo("picturebook");
        assertThat(api.post("/images/generations", "{'model': 'gpt-image-1', 'prompt': 'a star'}").status()).isEqualTo(200);
        assertThat(api.names).containsExactly("gpt-image-1");
        Api.Reply unknown = api.post("/images/generations", "{'model': 'other', 'prompt': 'a star'}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().at("/error/code").asText()).isEqualTo("model_not_found");
    }

    @Test
    void chunksSayWhatTheyAreAndStreamsEnd() {
        Api.Reply reply = api.post(CHAT, "{" + HELLO + ", 'stream': true, 'stream_options': {'include_usage': true}}");
        assertThat(reply.chunks()).isNotEmpty().allMatch(chunk -> chunk.path("object").asText().equals("chat.completion.chunk"));
        assertThat(reply.data()).last().isEqualTo("[DONE]");
        List<JsonNode> choices = reply.chunks().stream().map(chunk -> chunk.path("choices")).filter(list -> !list.isEmpty()).toList();
        assertThat(choices.getFirst().at("/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(choices.stream().map(list -> list.at("/0/delta/content").asText()).toList()).containsExactly("", "a ", "star", "");
        assertThat(choices.stream().map(list -> list.at("/0/finish_reason").asText("")).toList()).last().isEqualTo("stop");
        assertThat(reply.chunks().getLast().at("/usage/total_tokens").asInt()).isEqualTo(5);
        assertThat(reply.chunks().get(reply.chunks().size() - 2).at("/intarsia/model").asText()).isEqualTo("picturebook");
        assertThat(reply.chunks().getLast().at("/usage/prompt_tokens_details/image_tokens").asInt()).isEqualTo(1);
    }

    @Test
    void anErrorInAStreamIsItsLastEvent() {
        api.failWith("the backend has left");
        for (Api.Reply reply : List.of(api.post(CHAT, "{" + HELLO + ", 'stream': true}"),
                api.post("/completions", "{'prompt': 'a', 'stream': true}"), api.post("/responses", "{'input': 'a', 'stream': true}"),
                api.post("/images/generations", "{'prompt': 'a', 'stream': true, 'intarsia': {'preview_every': 1}}"))) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.events()).last().isEqualTo("error");
            assertThat(reply.data()).last().asString().startsWith("{\"error\":").contains("the backend has left");
        }
        assertThat(api.post(CHAT, "{" + HELLO + "}").status()).isEqualTo(400);
    }

    @Test
    void timesAreWholeSeconds() {
        assertThat(api.post("/images/generations", "{'prompt': 'a star'}").json().path("created").isIntegralNumber()).isTrue();
        assertThat(api.post(CHAT, "{" + HELLO + "}").json().path("created").isIntegralNumber()).isTrue();
        assertThat(api.post("/responses", "{'input': 'a'}").json().path("created_at").isIntegralNumber()).isTrue();
        assertThat(api.get("/models").json().at("/data/0/created").isIntegralNumber()).isTrue();
    }

    @Test
    void slashesMayBeDoubledOrStandAtTheEnd() {
        for (String path : List.of("/models", "//models", "/models/", "//models//")) {
            assertThat(api.get(path).json().path("object").asText()).isEqualTo("list");
        }
        assertThat(api.get("/models").json().path("data")).hasSize(1);
        assertThat(api.get("/nothing").status()).isEqualTo(404);
        assertThat(api.get(CHAT).status()).isEqualTo(405);
    }

    @Test
    void anAddressOfAPictureIsATextOrAnObject() {
        for (String url : List.of("{'url': '" + URL + "'}", "'" + URL + "'")) {
            Api.Reply reply = api.post(CHAT, "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'a star'},"
                    + " {'type': 'image_url', 'image_url': " + url + "}]}]}");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(api.requests.getLast().parts().getLast()).isEqualTo(StandIn.picture(9));
        }
        Api.Reply fetched = api.post(CHAT,
                "{'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {'url': 'https://example.org/a.png'}}]}]}");
        assertThat(fetched.json().at("/error/message").asText()).contains("this server fetches none");
    }

    @Test
    void aFullQueueSaysWhenToTryAgain() {
        api.refusal = HttpException.busy(429, 3, "the queue is full");
        for (String streamed : List.of("false", "true")) {
            Api.Reply reply = api.post(CHAT, "{" + HELLO + ", 'stream': " + streamed + "}");
            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.headers()).containsEntry("Retry-After", "3");
        }
    }

    @Test
    void partialImagesAreAsManyAsAskedForAndNumberedFromZero() {
        Api.Reply reply = api.post("/images/generations", "{'prompt': 'a star', 'stream': true, 'partial_images': 3}");
        assertThat(reply.events()).containsExactly("image_generation.partial_image", "image_generation.completed");
        assertThat(reply.chunks().getFirst().path("partial_image_index").asInt()).isZero();
        assertThat(reply.chunks().getLast().at("/usage/output_tokens").asInt()).isEqualTo(4);
        for (int codes = 1; codes < 2000; codes += 7) {
            for (int previews = 1; previews <= 3; previews++) {
                assertThat(codes / PictureOutput.previewEvery(previews, codes)).isLessThanOrEqualTo(previews);
                assertThat(codes < 20 || codes / PictureOutput.previewEvery(previews, codes) == previews).isTrue();
            }
        }
    }

    @Test
    void cellsAreNumberedAndAMaskMustHaveSome() {
        Api.Reply reply = api.post("/images/edits", "{'image': '" + URL + "', 'prompt': 'a star', 'intarsia': {'cells': [0, 3]}}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(api.requests.getLast().redraw().orElseThrow().cells().toString()).isEqualTo("{0, 3}");
        assertThat(api.requests.getLast().parts()).hasSize(1);
        api.form("/images/edits", new Api.FormPart("image", "a.png", PNG), Api.field("prompt", "a star"),
                Api.field("intarsia[cells][]", "2"), Api.field("intarsia[cells][]", "1"));
        assertThat(api.requests.getLast().redraw().orElseThrow().cells().toString()).isEqualTo("{1, 2}");
        assertThat(api.post("/images/edits", "{'image': '" + URL + "', 'prompt': 'a star', 'intarsia': {'cells': [4]}}").status())
                .isEqualTo(400);
        assertThat(api.form("/images/edits", new Api.FormPart("image", "a.png", PNG), new Api.FormPart("mask", "m.png", PNG),
                Api.field("prompt", "a star")).json().at("/error/param").asText()).isEqualTo("mask");
    }

    @Test
    void modalitiesSayWhatComesOut() {
        api.post(CHAT, "{" + HELLO + "}");
        assertThat(api.requests.getLast().goal()).isEqualTo(Goal.ANSWER);
        Api.Reply picture = api.post(CHAT, "{" + HELLO + ", 'modalities': ['image'], 'seed': 5}");
        assertThat(api.requests.getLast().goal()).isEqualTo(Goal.PICTURE);
        assertThat(picture.json().at("/choices/0/message/images/0/image_url/url").asText()).startsWith("data:image/png;base64,");
        api.mixes = true;
        api.post(CHAT, "{" + HELLO + "}");
        assertThat(api.requests.getLast().goal()).isEqualTo(Goal.INTERLEAVED);
        Api.Reply streamed = api.post(CHAT, "{" + HELLO + ", 'modalities': ['text', 'image'], 'stream': true}");
        assertThat(streamed.chunks().stream().map(chunk -> chunk.at("/choices/0/delta/images/0/type").asText()).toList())
                .contains("image_url");
    }

    @Test
    void logProbabilitiesStandBesideTheirTokens() {
        Api.Reply chat = api.post(CHAT, "{" + HELLO + ", 'logprobs': true, 'top_logprobs': 1}");
        assertThat(chat.json().at("/choices/0/logprobs/content/1/token").asText()).isEqualTo("star");
        assertThat(chat.json().at("/choices/0/logprobs/content/1/top_logprobs/0/logprob").asDouble()).isEqualTo(-0.5);
        Api.Reply streamed = api.post(CHAT, "{" + HELLO + ", 'logprobs': true, 'stream': true}");
        assertThat(streamed.chunks().stream().map(chunk -> chunk.at("/choices/0/delta/content").asText()).toList())
                .containsSubsequence("a ", "star").hasSize(4);
        Api.Reply completion = api.post("/completions", "{'prompt': ['x', 'y'], 'logprobs': 1}");
        assertThat(completion.json().at("/choices/1/logprobs/text_offset").toString()).isEqualTo("[0,2]");
    }

    @Test
    void completionsRepeatTheirPromptWhereAsked() {
        Api.Reply reply = api.post("/completions", "{'prompt': ['x ', 'y '], 'echo': true, 'stop': 'z'}");
        assertThat(reply.json().path("choices")).extracting(choice -> choice.path("text").asText()).containsExactly("x a star", "y a star");
        assertThat(api.requests.getLast().stop()).containsExactly("z");
        assertThat(api.post("/completions", "{'prompt': [1, 2]}").status()).isEqualTo(400);
    }

    @Test
    void responsesHaveItemsAndNumberedEvents() {
        Api.Reply text = api.post("/responses", "{'input': 'a star'}");
        assertThat(text.json().at("/output/0/content/0/text").asText()).isEqualTo("a star");
        Api.Reply picture = api.post("/responses", "{'input': 'a star', 'stream': true,"
                + " 'tools': [{'type': 'image_generation', 'partial_images': 1}], 'tool_choice': {'type': 'image_generation'}}");
        assertThat(picture.events()).containsExactly("response.created", "response.in_progress", "response.output_item.added",
                "response.image_generation_call.in_progress", "response.image_generation_call.generating",
                "response.image_generation_call.partial_image", "response.image_generation_call.completed",
                "response.output_item.done", "response.completed");
        assertThat(picture.chunks()).extracting(event -> event.path("sequence_number").asInt()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(picture.chunks().getLast().at("/response/output/0/result").asText()).isNotEmpty();
        assertThat(api.post("/responses", "{'input': 'a', 'previous_response_id': 'resp_1'}").status()).isEqualTo(400);
    }

    @Test
    void progressIsToldWhereAskedFor() {
        Api.Reply reply = api.post("/images/generations",
                "{'prompt': 'a star', 'stream': true, 'intarsia': {'progress': true, 'preview_every': 2}}");
        assertThat(reply.chunks()).extracting(event -> event.path("phase").asText("")).startsWith("queued", "drawing");
        assertThat(reply.chunks().getFirst().path("seconds_left").asDouble()).isEqualTo(2);
        assertThat(reply.events()).contains("image_generation.partial_image").last().isEqualTo("image_generation.completed");
    }

    /** The page asks for previews of whatever model it talks with. */
    @Test
    void previewsThatAnAnswerOfTextCannotHaveAreNotIgnored() {
        Api.Reply reply = api.post(CHAT, "{" + HELLO + ", 'stream': true, 'intarsia': {'preview_every': 8}}");
        assertThat(reply.chunks().getLast().at("/intarsia/notes")).isEmpty();
        assertThat(api.post(CHAT, "{" + HELLO + ", 'intarsia': {'preview_every': 0}}").status()).isEqualTo(400);
    }

    @Test
    void theLatestPictureStandsBehindTheLastTurn() {
        api.post(CHAT, "{'messages': [{'role': 'system', 'content': 'be brief'}, {'role': 'user', 'content': [{'type': 'image_url',"
                + " 'image_url': '" + URL + "'}]}, {'role': 'assistant', 'content': 'a star'}, {'role': 'user', 'content': 'of what colour'}]}");
        assertThat(api.requests.getLast().parts()).containsExactly(new Text("be brief\nof what colour"),
                StandIn.picture(9));
    }

    @Test
    void anErrorNamesTheFieldThatWasSent() {
        assertThat(api.post(CHAT, "{" + HELLO + ", 'max_tokens': -1}").json().at("/error/param").asText()).isEqualTo("max_tokens");
        assertThat(api.post("/images/generations", "{'prompt': 'a star', 'cfg_scale': 'much'}").json().at("/error/param").asText())
                .isEqualTo("cfg_scale");
    }

    @Test
    void aMessageWithoutContentIsRefused() {
        for (String content : List.of("null", "[]", "[{'type': 'text'}]", "[{'type': 'text', 'text': 5}]")) {
            Api.Reply reply = api.post(CHAT, "{'messages': [{'role': 'user', 'content': " + content + "}]}");
            assertThat(reply.status()).as(content).isEqualTo(400);
            assertThat(reply.json().at("/error/param").asText()).startsWith("messages[0].content");
        }
        assertThat(api.post(CHAT, "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': null},"
                + " {'role': 'user', 'content': 'b'}]}").status()).isEqualTo(200);
    }

    @Test
    void noCellsAreNotAllCells() {
        Api.Reply reply = api.post("/images/edits", "{'image': '" + URL + "', 'prompt': 'a star', 'intarsia': {'cells': []}}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/param").asText()).isEqualTo("intarsia.cells");
    }

    @Test
    void base64MayBeBrokenIntoLines() {
        String lines = Base64.getMimeEncoder().encodeToString(PNG).replace("\r\n", "\\r\\n");
        assertThat(lines).contains("\\r\\n");
        assertThat(api.post("/images/edits", "{'image': 'data:image/png;base64," + lines + "', 'prompt': 'a star'}").status())
                .isEqualTo(200);
        assertThat(api.post("/images/edits", "{'image': '!" + lines + "', 'prompt': 'a star'}").status()).isEqualTo(400);
    }

    @Test
    void whatStandsBehindADocumentIsNotOverlooked() {
        assertThat(api.post("/images/generations", "{'prompt': 'a star'} {'prompt': 'a house'}").status()).isEqualTo(400);
        assertThat(api.post("/images/generations", "{'prompt': 'a star'} \n").status()).isEqualTo(200);
    }

    @Test
    void anAddressThatTakesJsonSaysSoToAForm() {
        Api.Reply reply = api.form(CHAT, Api.field("messages", "[]"));
        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.json().at("/error/message").asText()).contains("takes JSON");
    }

    @Test
    void whatAResponseCannotFollowIsRefusedOrNamed() {
        for (String field : List.of("'conversation': 'conv_1'", "'prompt': {'id': 'pmpt_1'}")) {
            Api.Reply reply = api.post("/responses", "{'input': 'a', " + field + "}");
            assertThat(reply.status()).as(field).isEqualTo(400);
            assertThat(reply.json().at("/error/param").asText()).isEqualTo(field.split("'")[1]);
        }
        String tool = "{'input': 'a', 'tools': [{'type': 'web_search'}, {'type': 'image_generation', ";
        Api.Reply mask = api.post("/responses", tool + "'input_image_mask': {'image_url': 'data:'}}]}");
        assertThat(mask.json().at("/error/param").asText()).isEqualTo("tools[1].input_image_mask");
        assertThat(api.post("/responses", tool + "'size': '1024x1024', 'quality': 'high'}]}").json().at("/intarsia/notes"))
                .extracting(JsonNode::asText).containsExactly("ignored: tools[1].size, tools[1].quality");
    }

    /** Whoever announces a large body and sends a byte of it must not take the memory of the others. */
    @Test
    void aBodyTakesMemoryWhenItComes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        api.post("/images/generations", "{'prompt': ");
        api.announced = 60 << 20;
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(api.post("/images/generations", "{'prompt': ").status()).isEqualTo(400);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
    }

    @Test
    void aComponentThatHasLeftIsNoFaultOfTheClient() {
        for (Optional<String> departed : List.of(Optional.of("the image decoder has left"), Optional.<String>empty())) {
            api.failure = new Absent(departed);
            assertIsAskedToComeAgain(api.post("/images/generations", "{'prompt': 'a star'}"));
            assertIsAskedToComeAgain(api.post(CHAT, "{" + HELLO + "}"));
        }
    }

    @Test
    void aModelThatOnlyLacksItsImageDecoderIsNoFaultOfTheClient() {
        api.noPictures = new Absent(Optional.empty());
        assertIsAskedToComeAgain(api.post("/images/generations", "{'prompt': 'a star'}"));
        assertIsAskedToComeAgain(api.post("/images/edits", "{'prompt': 'a star', 'image': '" + URL + "'}"));
        assertIsAskedToComeAgain(api.post(CHAT, "{" + HELLO + ", 'modalities': ['image']}"));
        assertIsAskedToComeAgain(api.post("/responses", "{'input': 'a star', 'tools': [{'type': 'image_generation'}]}"));
        assertThat(api.post(CHAT, "{" + HELLO + "}").status()).isEqualTo(200);
        api.noPictures = new ModelException("it has no picture tokens");
        Api.Reply never = api.post("/images/generations", "{'prompt': 'a star'}");
        assertThat(never.status()).isEqualTo(400);
        assertThat(never.json().at("/error/param").asText()).isEqualTo("model");
    }

    private static void assertIsAskedToComeAgain(Api.Reply reply) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsEntry("Retry-After", "5");
        assertThat(reply.json().at("/error/type").asText()).isEqualTo("server_error");
        assertThat(reply.json().at("/error/code").asText()).isEqualTo("not_ready");
        assertThat(reply.json().at("/error/message").asText()).isEqualTo("no image decoder is there: start its bundle");
    }

    /** As the engine throws it. */
    private static final class Absent extends ModelException implements Missing {
        private static final long serialVersionUID = 1;

        private final String departed;

        Absent(Optional<String> departed) {
            super("no image decoder is there: start its bundle");
            this.departed = departed.orElse(null);
        }

        @Override
        public Optional<String> departed() {
            return Optional.ofNullable(departed);
        }
    }
}
