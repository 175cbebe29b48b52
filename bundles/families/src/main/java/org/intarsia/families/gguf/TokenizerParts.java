package org.intarsia.families.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Parts of {@code tokenizer.json}, whatever it is made from. */
public final class TokenizerParts {
    private TokenizerParts() {
    }

    /** A token that stands for itself wherever its text stands. */
    public static void add(ArrayNode addedTokens, int id, String content, boolean special) {
        ObjectNode token = addedTokens.addObject();
        token.put("id", id);
        token.put("content", content);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", special);
    }

    /** A model of byte pairs, without its vocabulary. */
    public static ObjectNode pairs(ObjectNode model, List<Merge> merges) {
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        ArrayNode array = model.putArray("merges");
        merges.forEach(merge -> array.addArray().add(merge.left()).add(merge.right()));
        return model;
    }
}
