package org.intarsia.weights.llamacpp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/** A tokenizer that merges pairs of bytes, each written as one character, within the words that a rule divides text into. */
final class BytePairs {
    private final TokenizerFiles files;
    private final Map<String, Object> model;
    private final int size;

    BytePairs(TokenizerFiles files, int size) {
        this.files = files;
        this.model = JsonTree.child(files.tokenizer(), "model");
        this.size = size;
    }

    static boolean isByteLevel(TokenizerFiles files) {
        return TokenizerWriter.steps(JsonTree.child(files.tokenizer(), "pre_tokenizer"), "pretokenizers").stream()
                .anyMatch(step -> "ByteLevel".equals(JsonTree.object(step).get("type")));
    }

    void put(Map<String, Object> metadata) {
        for (Object step : TokenizerWriter.steps(JsonTree.child(files.tokenizer(), "normalizer"), "normalizers")) {
            Object type = JsonTree.object(step).get("type");
            // llama.cpp leaves out NFC, which Qwen's tokenizers have and which changes only text that is not composed.
            if (!"NFC".equals(type)) {
                throw refused("normalises text by " + Quoted.of(String.valueOf(type)));
            }
        }
        for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix", "dropout")) {
            if (model.get(name) != null && !"".equals(model.get(name))) {
                throw refused("has " + name);
            }
        }
        TokenList tokens = new TokenList(size, 0);
        files.vocabulary().forEach((text, id) -> tokens.set(id, text, TokenList.NORMAL, 0));
        files.added().forEach(tokens::set);
        tokens.put(metadata, false);
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", PreTokenizerRules.name(JsonTree.child(files.tokenizer(), "pre_tokenizer"),
                Boolean.TRUE.equals(model.get("ignore_merges"))).orElseThrow(() ->
                        refused("divides text by a rule that none of " + PreTokenizerRules.names() + " stands for")));
        metadata.put("tokenizer.ggml.merges", merges());
    }

    private List<String> merges() {
        List<String> merges = new ArrayList<>();
        for (Object merge : JsonTree.list(model, "merges")) {
            if (merge instanceof String text) {
                merges.add(text);
            } else if (merge instanceof List<?> pair && pair.size() == 2) {
                // A space divides the two in the file, so one inside is written as byte-level tokenizers write bytes.
                merges.add(inner(pair.get(0)) + " " + inner(pair.get(1)));
            }
        }
        if (merges.isEmpty()) {
            throw refused("has no merges");
        }
        return merges;
    }

    private static String inner(Object part) {
        return String.valueOf(part).replace(' ', 'Ġ');
    }

    private WeightsException refused(String what) {
        return new WeightsException("the tokenizer of '" + files.directory() + "' " + what
                + ", which is not written for llama.cpp");
    }
}
