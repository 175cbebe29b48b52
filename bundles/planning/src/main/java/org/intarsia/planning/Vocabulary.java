package org.intarsia.planning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.intarsia.model.api.ModelException;

/**
 * Tokens for a model of random weights: the special ones of its family, those of picture codes where they have names, one
 * for each byte, and as many without a use as fill the vocabulary.
 *
 * @param tokens by id, without gaps
 * @param begin  the token that begins every stream; empty when there is none
 */
record Vocabulary(TreeMap<Integer, String> tokens, String begin) {
    static final String MAP = "vocabulary_map";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int BYTES = 256;

    static Vocabulary of(Configuration configuration) {
        JsonNode config = configuration.files().get(Configuration.CONFIG);
        JsonNode usual = configuration.usual();
        TreeMap<Integer, String> tokens = new TreeMap<>();
        JsonNode named = config.path(MAP).isObject() ? config.get(MAP) : usual.path("tokens");
        named.properties().forEach(entry -> tokens.put(entry.getValue().asInt(), entry.getKey()));
        if (usual.has("firstCode") && !config.has(MAP)) {
            int codes = config.path("vq_config").path("num_embeddings").asInt();
            for (int code = 0; code < codes; code++) {
                tokens.putIfAbsent(usual.get("firstCode").asInt() + code, codeName(code));
            }
        }
        int size = config.has("vocab_size") ? config.get("vocab_size").asInt()
                : config.path("text_config").path("vocab_size").asInt();
        if (!config.path(MAP).isObject()) {
            fill(configuration, tokens, size);
        }
        return new Vocabulary(tokens, usual.path("begin").asText());
    }

    /** The name of a code's token, where codes have tokens of their own: its decimal digits as the letters A to J. */
    private static String codeName(int code) {
        StringBuilder name = new StringBuilder("IMGIMG");
        String.valueOf(code).chars().forEach(digit -> name.append((char) (digit - '0' + 'A')));
        return name.append('Z').toString();
    }

    private static void fill(Configuration configuration, TreeMap<Integer, String> tokens, int size) {
        int last = tokens.isEmpty() ? -1 : tokens.lastKey();
        if (last >= size || size - tokens.size() < BYTES) {
            throw new ModelException("the vocabulary of '" + configuration.name() + "' has " + size + " tokens, too few for the"
                    + " special ones of family " + configuration.family() + " (up to " + last + ") and " + BYTES
                    + " bytes; make vocab_size larger or give a " + MAP);
        }
        int next = 0;
        for (int id = 0; id < size; id++) {
            if (!tokens.containsKey(id)) {
                tokens.put(id, next < BYTES ? byteName(next) : "unused." + id);
                next++;
            }
        }
    }

    /** How byte-level vocabularies write a byte: as itself where that can be seen, else as a letter behind Latin 1. */
    private static String byteName(int value) {
        int hidden = 0;
        for (int other = 0; other < value; other++) {
            hidden += isVisible(other) ? 0 : 1;
        }
        return String.valueOf((char) (isVisible(value) ? value : BYTES + hidden));
    }

    private static boolean isVisible(int value) {
        return value > ' ' && value < 0x7f || value > 0xa0 && value != 0xad;
    }

    /** As {@code config.json} has it. */
    ObjectNode map() {
        ObjectNode map = JSON.objectNode();
        tokens.forEach((id, token) -> map.put(token, id));
        return map;
    }

    /** The {@code tokenizer.json}: byte-level, without merges, so every byte of a text is a token. */
    ObjectNode tokenizer() {
        ObjectNode tokenizer = JSON.objectNode().put("version", "1.0");
        ArrayNode added = tokenizer.putArray("added_tokens");
        tokens.forEach((id, token) -> {
            if (isSpecial(token)) {
                added.addObject().put("id", id).put("content", token).put("single_word", false).put("lstrip", false)
                        .put("rstrip", false).put("normalized", false).put("special", true);
            }
        });
        tokenizer.set("pre_tokenizer", byteLevel());
        tokenizer.set("decoder", byteLevel());
        if (!begin.isEmpty() && tokens.containsValue(begin)) {
            tokenizer.set("post_processor", template());
        }
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        model.set("vocab", map());
        model.putArray("merges");
        return tokenizer;
    }

    private static boolean isSpecial(String token) {
        return token.length() > 2 && token.startsWith("<") && token.endsWith(">");
    }

    private static ObjectNode byteLevel() {
        return JSON.objectNode().put("type", "ByteLevel").put("add_prefix_space", false).put("trim_offsets", true)
                .put("use_regex", true);
    }

    private ObjectNode template() {
        ObjectNode template = JSON.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        ArrayNode pair = template.putArray("pair");
        pair.addAll(single);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
        int id = tokens.entrySet().stream().filter(entry -> entry.getValue().equals(begin)).map(Map.Entry::getKey).findFirst()
                .orElseThrow();
        ObjectNode special = template.putObject("special_tokens").putObject(begin).put("id", begin);
        special.putArray("ids").add(id);
        special.putArray("tokens").add(begin);
        return template;
    }
}
