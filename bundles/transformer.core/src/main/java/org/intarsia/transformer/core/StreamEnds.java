package org.intarsia.transformer.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;

/** Reads the tokens that end a text: a number or a list. */
final class StreamEnds {
    private static final String FILE = "generation_config.json";
    private static final String NAME = "eos_token_id";

    private StreamEnds() {
    }

    /**
     * Returns {@code eos_token_id} of {@code generation_config.json}, which wins as in transformers; else that of the first
     * configuration which has one; in the order of the file, empty where there is none.
     */
    static Set<Integer> read(ModelFiles files, ConfigFile... configs) {
        List<Integer> published = published(files);
        if (!published.isEmpty()) {
            return new LinkedHashSet<>(published);
        }
        for (ConfigFile config : configs) {
            List<Integer> ends = config.tokenIds(NAME);
            if (!ends.isEmpty()) {
                return new LinkedHashSet<>(ends);
            }
        }
        return new LinkedHashSet<>();
    }

    /** Returns {@code eos_token_id} of {@code generation_config.json}; nothing where it has none. */
    static List<Integer> published(ModelFiles files) {
        if (files.json(FILE).isEmpty()) {
            return List.of();
        }
        ConfigFile generation = ConfigFile.read(files, FILE);
        List<Integer> ends = generation.tokenIds(NAME);
        generation.check();
        return ends;
    }

    /** Returns the first one, or −1. */
    static int first(Set<Integer> ends) {
        return ends.stream().findFirst().orElse(-1);
    }
}
