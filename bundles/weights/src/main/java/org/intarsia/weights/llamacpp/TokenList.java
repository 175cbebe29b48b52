package org.intarsia.weights.llamacpp;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tokens of a model by their ids: their texts, what llama.cpp takes them for, and their scores where they have any. */
final class TokenList {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private static final float ADDED_SCORE = -1000;
    private static final String SPACE = "▁";
    /** Added tokens that published tokenizers do not mark as special, though they stand for no text. */
    private static final Set<String> SPECIAL = Set.of("<pad>", "<mask>", "<2mass>", "[@BOS@]");

    private final String[] texts;
    private final int[] types;
    private final float[] scores;

    /** @param size the rows of the embedding table; ids that no token has are filled */
    TokenList(int size, float unusedScore) {
        texts = new String[size];
        types = new int[size];
        scores = new float[size];
        Arrays.setAll(texts, id -> "[PAD" + id + "]");
        Arrays.fill(types, UNUSED);
        Arrays.fill(scores, unusedScore);
    }

    int size() {
        return texts.length;
    }

    boolean has(int id) {
        return id >= 0 && id < texts.length;
    }

    /** Sets a token; one beyond the embedding table has no row there, and is left out. */
    void set(int id, String text, int type, float score) {
        if (has(id)) {
            texts[id] = text;
            types[id] = type;
            scores[id] = score;
        }
    }

    void set(int id, TokenizerFiles.Added token) {
        boolean special = token.special() || looksSpecial(token.content());
        // llama.cpp looks for these in the text as the user wrote it.
        set(id, special ? token.content() : token.content().replace(SPACE, " "), special ? CONTROL : USER_DEFINED, ADDED_SCORE);
    }

    private static boolean looksSpecial(String text) {
        return SPECIAL.contains(text) || text.startsWith("<|") && text.endsWith("|>")
                || text.startsWith("<｜") && text.endsWith("｜>") || text.startsWith("<unused") && text.endsWith(">");
    }

    void put(Map<String, Object> metadata, boolean scored) {
        metadata.put("tokenizer.ggml.tokens", List.of(texts));
        metadata.put("tokenizer.ggml.token_type", types);
        if (scored) {
            metadata.put("tokenizer.ggml.scores", scores);
        }
    }
}
