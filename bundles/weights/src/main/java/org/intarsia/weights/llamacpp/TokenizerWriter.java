package org.intarsia.weights.llamacpp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.intarsia.text.Quoted;
import org.intarsia.weights.WeightsException;

/** Writes a directory's tokenizer as metadata: byte-level pairs, or pairs of characters as SentencePiece makes them. */
final class TokenizerWriter {
    private static final String PREFIX = "tokenizer.ggml.";

    private TokenizerWriter() {
    }

    /**
     * Adds the tokenizer to the metadata.
     *
     * @param size the rows of the embedding table
     * @throws WeightsException when llama.cpp has none that gives the same tokens
     */
    static void put(Path directory, TextFamily family, int size, Map<String, Object> metadata) {
        TokenizerFiles files = TokenizerFiles.read(directory);
        Path pieces = directory.resolve("tokenizer.model");
        boolean described = !files.tokenizer().isEmpty();
        if (!described && !Files.isRegularFile(pieces)) {
            throw new WeightsException("'" + directory + "' has neither tokenizer.json nor tokenizer.model, and llama.cpp needs"
                    + " the tokenizer in the file");
        }
        Object kind = JsonTree.child(files.tokenizer(), "model").get("type");
        if (described && !"BPE".equals(kind)) {
            throw new WeightsException("'" + directory.resolve("tokenizer.json") + "' has a tokenizer of the kind "
                    + Quoted.of(String.valueOf(kind)) + "; only BPE is written for llama.cpp");
        }
        if (described && BytePairs.isByteLevel(files)) {
            new BytePairs(files, size).put(metadata);
            // llama.cpp adds a token in front for some rules unless it is told.
            metadata.put(PREFIX + "add_bos_token", false);
        } else {
            PieceTokens.put(files, pieces, size, metadata);
            if (family.shiftedNorms()) {
                // Gemma's; published tokenizers of SentencePiece say otherwise.
                metadata.put(PREFIX + "add_space_prefix", false);
            }
            if (described) {
                metadata.put(PREFIX + "add_bos_token", false);
            }
        }
        new SpecialTokens(files, size).put(metadata);
    }

    static List<Object> steps(Map<String, Object> step, String inside) {
        return step.isEmpty() ? List.of() : step.containsKey(inside) ? JsonTree.list(step, inside) : List.of(step);
    }
}
