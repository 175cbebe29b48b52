package org.intarsia.engine.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.sampling.GenerationRules;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Fields;
import org.intarsia.model.blocks.KnownKeys;
import org.intarsia.text.Quoted;

/** Finds what a model's files ask the engine for and it does not follow: in sampling, and an adapter beside the weights. */
public final class Unfollowed {
    private static final String GENERATION = "generation_config.json";
    private static final String ADAPTER = "adapter_config.json";

    private Unfollowed() {
    }

    /**
     * For each such file a clause that names it.
     *
     * @param makesPictures whether the family makes pictures, so that {@code guidance_scale} is about them
     */
    public static List<String> in(ModelFiles published, boolean makesPictures) {
        List<String> clauses = new ArrayList<>();
        read(published, GENERATION).stream().flatMap(json -> KnownKeys.clause(GENERATION,
                GenerationRules.read(json, makesPictures).notFollowed()).stream()).forEach(clauses::add);
        read(published, ADAPTER).forEach(json -> clauses.add(ADAPTER + " asks for an adapter" + kind(json) + " over the weights"));
        return clauses;
    }

    private static List<JsonNode> read(ModelFiles files, String name) {
        return files.json(name).map(text -> Fields.read(text, "'" + files.directory().resolve(name) + "'")).stream().toList();
    }

    private static String kind(JsonNode adapter) {
        JsonNode kind = adapter.path("peft_type");
        return kind.isTextual() ? " (" + Quoted.of(kind.textValue()) + ")" : "";
    }
}
