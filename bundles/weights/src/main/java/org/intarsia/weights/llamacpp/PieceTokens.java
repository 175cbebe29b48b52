package org.intarsia.weights.llamacpp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.intarsia.weights.WeightsException;

/**
 * A tokenizer that merges pairs of characters, for which llama.cpp has no merges but a score of each token: of all neighbours
 * those are merged that give the token of the best score. {@code tokenizer.model} has the scores; without it they follow from
 * the merges of {@code tokenizer.json}, if these are in the order of the tokens that they make.
 */
final class PieceTokens {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final float UNUSED_SCORE = -10000;
    private static final String BYTE = "<0x[0-9A-F]{2}>";

    private PieceTokens() {
    }

    static void put(TokenizerFiles files, Path pieces, int size, Map<String, Object> metadata) {
        TokenList tokens = new TokenList(size, UNUSED_SCORE);
        boolean spaceInFront = Files.isRegularFile(pieces) ? read(PieceFile.read(pieces), tokens) : derive(files, tokens);
        files.added().forEach(tokens::set);
        tokens.put(metadata, true);
        metadata.put(PREFIX + "model", "llama");
        metadata.put(PREFIX + "pre", "default");
        if (files.settings().get("add_prefix_space") instanceof Boolean flag) {
            metadata.put(PREFIX + "add_space_prefix", flag);
        } else if (!spaceInFront) {
            metadata.put(PREFIX + "add_space_prefix", false);
        }
    }

    private static boolean read(PieceFile file, TokenList tokens) {
        for (int id = 0; id < file.pieces().size(); id++) {
            PieceFile.Piece piece = file.pieces().get(id);
            // What the user defined there is an added token of the other files, too; those decide.
            int type = piece.type() == TokenList.USER_DEFINED ? TokenList.NORMAL : piece.type();
            tokens.set(id, piece.text(), type, piece.score());
        }
        return file.spaceInFront();
    }

    /** Derives the scores from the merges; returns whether a space is put in front of each text. */
    private static boolean derive(TokenizerFiles files, TokenList tokens) {
        Map<String, Object> model = JsonTree.child(files.tokenizer(), "model");
        Map<String, Integer> vocabulary = files.vocabulary();
        Map<String, Integer> ranks = ranks(files, model, vocabulary);
        Object unknown = model.get("unk_token");
        vocabulary.forEach((text, id) -> tokens.set(id, text,
                text.equals(unknown) ? TokenList.UNKNOWN : text.matches(BYTE) ? TokenList.BYTE : TokenList.NORMAL,
                -ranks.getOrDefault(text, ranks.size())));
        if (!Boolean.TRUE.equals(model.get("byte_fallback"))) {
            throw refused(files, "has no tokens for single bytes");
        }
        return spaceInFront(files);
    }

    /**
     * Gives each token that merges make its place in their order.
     *
     * @throws WeightsException when merging by such places would not always give the same tokens
     */
    private static Map<String, Integer> ranks(TokenizerFiles files, Map<String, Object> model, Map<String, Integer> vocabulary) {
        Map<String, Integer> ranks = new HashMap<>();
        Set<List<String>> merges = new HashSet<>();
        String last = "";
        for (Object merge : JsonTree.list(model, "merges")) {
            List<String> pair = merge instanceof List<?> parts ? parts.stream().map(String::valueOf).toList()
                    : List.of(String.valueOf(merge).split(" ", 2));
            String token = String.join("", pair);
            if (pair.size() != 2 || !token.equals(last) && ranks.containsKey(token)) {
                throw unordered(files);
            }
            ranks.putIfAbsent(token, ranks.size());
            merges.add(pair);
            last = token;
        }
        Set<String> added = files.added().values().stream().map(TokenizerFiles.Added::content).collect(Collectors.toSet());
        for (String token : vocabulary.keySet()) {
            for (int i = 1; i < token.length() && !added.contains(token) && !token.matches(BYTE); i++) {
                String left = token.substring(0, i);
                String right = token.substring(i);
                // llama.cpp would merge these two.
                if (vocabulary.containsKey(left) && vocabulary.containsKey(right) && !merges.contains(List.of(left, right))
                        && !added.contains(left) && !added.contains(right)) {
                    throw unordered(files);
                }
            }
        }
        return ranks;
    }

    private static WeightsException unordered(TokenizerFiles files) {
        return refused(files, "merges pairs in an order that no scores of tokens give; the directory needs its tokenizer.model,"
                + " too");
    }

    private static WeightsException refused(TokenizerFiles files, String what) {
        return new WeightsException("the tokenizer of '" + files.directory() + "' " + what
                + "; llama.cpp reads tokenizers with byte-level pairs, and those of SentencePiece");
    }

    private static boolean spaceInFront(TokenizerFiles files) {
        boolean prepended = TokenizerWriter.steps(JsonTree.child(files.tokenizer(), "normalizer"), "normalizers").stream()
                .anyMatch(step -> "Prepend".equals(JsonTree.object(step).get("type")));
        return prepended || TokenizerWriter.steps(JsonTree.child(files.tokenizer(), "pre_tokenizer"), "pretokenizers").stream()
                .map(JsonTree::object).anyMatch(step -> "Metaspace".equals(step.get("type"))
                        && !"never".equals(step.get("prepend_scheme")) && !Boolean.FALSE.equals(step.get("add_prefix_space")));
    }
}
