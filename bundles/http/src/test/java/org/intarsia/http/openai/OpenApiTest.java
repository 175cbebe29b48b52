package org.intarsia.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private final Api api = new Api();
    private final JsonNode description;

    OpenApiTest() throws IOException {
        description = new JsonMapper().readTree(OpenApi.description());
    }

    @Test
    void itHasEveryPathOfTheServletAndNoOther() {
        Set<String> paths = api.paths().stream().map(path -> "/v1" + path).collect(Collectors.toCollection(TreeSet::new));
        paths.add("/v1/models/{model}");
        Set<String> described = new TreeSet<>();
        description.path("paths").fieldNames().forEachRemaining(path -> {
            if (path.startsWith("/v1")) {
                described.add(path);
            }
        });
        assertThat(described).isEqualTo(paths);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        for (JsonNode reference : description.findValues("$ref")) {
            assertThat(description.at(reference.asText().substring(1)).isObject()).as(reference.asText()).isTrue();
        }
    }

    @Test
    void everyOperationSaysWhatErrorsLookLike() {
        description.path("paths").forEach(path -> path.properties().stream().filter(operation -> operation.getValue().has("responses"))
                .forEach(operation -> assertThat(operation.getValue().at("/responses/default/$ref").asText()).as(operation.toString())
                        .isEqualTo("#/components/responses/Error")));
    }

    @Test
    void answersHaveThePropertiesThatItSays() {
        fits(api.get("/models").json(), "ModelList");
        fits(api.get("/models/picturebook").json(), "Model");
        fits(api.get("/models/none").json(), "Error");
        JsonNode pictures = api.post("/images/generations", "{'prompt': 'a star'}").json();
        fits(pictures, "Pictures");
        fits(pictures.at("/data/0"), "Picture");
        fits(pictures.at("/data/0/intarsia"), "Origin");
        fits(pictures.path("usage"), "Usage");
        api.post("/images/generations", "{'prompt': 'a star', 'stream': true, 'partial_images': 3}").chunks()
                .forEach(event -> fits(event, "PictureEvent"));
        String hello = "'messages': [{'role': 'user', 'content': 'a star'}]";
        JsonNode chat = api.post("/chat/completions", "{" + hello + "}").json();
        fits(chat, "ChatCompletion");
        fits(chat.path("usage"), "CompletionUsage");
        fits(chat.path("intarsia"), "Origin");
        api.post("/chat/completions", "{" + hello + ", 'stream': true, 'stream_options': {'include_usage': true}}").chunks()
                .forEach(chunk -> fits(chunk, "ChatChunk"));
        fits(api.post("/completions", "{'prompt': 'a'}").json(), "Completion");
        fits(api.post("/responses", "{'input': 'a'}").json(), "Response");
    }

    private void fits(JsonNode answer, String name) {
        JsonNode schema = description.at("/components/schemas/" + name);
        assertThat(names(schema.path("properties"))).as(name).containsAll(names(answer));
        List<String> required = schema.path("required").valueStream().map(JsonNode::asText).toList();
        assertThat(names(answer)).as(name).containsAll(required);
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }
}
