package org.intarsia.model.blocks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.model.api.GenerationDefaults;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;

/**
 * A family that a JSON resource describes. One whose checkpoints are published in the layout of transformers needs nothing
 * else; others say how they differ in {@link #present}. Such a resource is
 * {@snippet lang=json :
 * {
 *   "name": "chameleon",
 *   "text":    { "temperature": 0.7, "topP": 0.9, "repetitionPenalty": 1.2 },
 *   "picture": { "temperature": 0.7, "topK": 0, "topP": 0.9, "guidanceText": 3, "guidanceImage": 1.2 },
 *   "config.json": { "chameleon": { "include": ["any", "decoder"], "used": ["vocabulary_map"] } },
 *   "template": { "tokens": { "<s>": 0 }, "begin": "<s>" }
 * }
 * }
 * with {@code picture} and {@code template} only where they apply. {@code config.json} has for each {@code model_type} that the
 * family is published under the keys that are known ({@link KnownKeys}). Immutable.
 */
public abstract class DescribedFamily implements ModelFamily {
    private static final String CONFIG = "config.json";

    private final String name;
    private final GenerationDefaults text;
    private final Optional<GenerationDefaults> picture;
    private final Map<String, KnownKeys> types;
    private final Optional<String> template;

    /**
     * Reads the description.
     *
     * @param resource its name, relative to the class that extends this one
     */
    protected DescribedFamily(String resource) {
        JsonNode description = read(resource);
        name = description.path("name").asText();
        text = defaults(description.path("text"));
        picture = description.has("picture") ? Optional.of(defaults(description.path("picture"))) : Optional.empty();
        types = new LinkedHashMap<>();
        description.path(CONFIG).properties().forEach(entry -> types.put(entry.getKey(), KnownKeys.read(entry.getValue())));
        template = description.has("template") ? Optional.of(description.path("template").toString()) : Optional.empty();
    }

    private JsonNode read(String resource) {
        try (InputStream in = getClass().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("the bundle lacks its resource " + resource);
            }
            return Fields.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenerationDefaults defaults(JsonNode node) {
        return new GenerationDefaults(node.path("temperature").asDouble(1), node.path("topK").asInt(0), node.path("topP").asDouble(1),
                node.path("repetitionPenalty").asDouble(1), node.path("guidanceText").asDouble(1),
                node.path("guidanceImage").asDouble(1), node.path("maxTokens").asInt(128));
    }

    @Override
    public String name() {
        return name;
    }

    /** Takes directories whose {@code model_type} the description names. */
    @Override
    public Optional<String> refuses(ModelFiles published) {
        return published.json(CONFIG).isEmpty() ? Optional.of(Family.notOf(published.family(), types.keySet()))
                : Family.refuses(published, types.keySet().toArray(String[]::new));
    }

    /** Presents the files as they are. */
    @Override
    public ModelFiles present(ModelFiles published) {
        return published;
    }

    @Override
    public List<String> notFollowed(ModelFiles published) {
        return KnownKeys.notFollowed(published, types.get(published.family()));
    }

    @Override
    public GenerationDefaults text() {
        return text;
    }

    @Override
    public Optional<GenerationDefaults> picture() {
        return picture;
    }

    @Override
    public Optional<String> template() {
        return template;
    }
}
