package org.intarsia.families;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.intarsia.families.gguf.Merge;
import org.intarsia.families.gguf.PreTokenizers;
import org.intarsia.families.gguf.TokenizerParts;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;

/**
 * The tokenizer of Emu3 as its authors publish it, which is one of tiktoken: {@code emu3.tiktoken} has a line for each token,
 * its bytes in Base64 and its rank, and neighbours that make the token of the lowest rank are joined first; a word that is a
 * token is one. Special tokens follow, the last of them from {@code emu3_vision_tokens.txt}.
 */
final class Emu3Tokenizer {
    static final String RANKS = "emu3.tiktoken";
    static final String VISION = "emu3_vision_tokens.txt";
    /** Text is divided as by Qwen, whose vocabulary this is. */
    private static final String RULE = "qwen2";
    private static final int EXTRAS = 205;
    private static final char[] LETTERS = letters();

    private final Path directory;
    private final List<String> tokens;
    private final List<String> special;

    /**
     * Reads the two files.
     *
     * @param directory where they are, for messages
     * @throws ModelException when they are damaged
     */
    Emu3Tokenizer(Path directory, String ranks, String vision) {
        this.directory = directory;
        this.tokens = tokens(ranks.lines().toList());
        this.special = new ArrayList<>(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
        for (int i = 0; i < EXTRAS; i++) {
            special.add("<|extra_" + i + "|>");
        }
        vision.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(special::add);
    }

    /** By their ranks, which are their ids. */
    private List<String> tokens(List<String> lines) {
        String[] byRank = new String[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            String[] line = lines.get(i).split(" ");
            try {
                int rank = Integer.parseInt(line[1]);
                if (byRank[rank] != null) {
                    throw damaged("gives the rank " + rank + " a second time", i);
                }
                byRank[rank] = text(Base64.getDecoder().decode(line[0]));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw damaged("should be a token in Base64 and its rank, below " + lines.size(), i);
            }
        }
        return List.of(byRank);
    }

    private ModelException damaged(String what, int line) {
        return new ModelException("'" + directory.resolve(RANKS) + "' is damaged: line " + (line + 1) + " " + what
                + "; get the file again");
    }

    /** Each byte as the letter that stands for it in vocabularies of byte pairs. */
    private static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte one : bytes) {
            text.append(LETTERS[Byte.toUnsignedInt(one)]);
        }
        return text.toString();
    }

    /** What can be seen stands for itself, anything else for letters beyond a byte, one after the other. */
    private static char[] letters() {
        char[] letters = new char[256];
        int beyond = 256;
        for (int code = 0; code < letters.length; code++) {
            boolean seen = code >= '!' && code <= '~' || code >= '¡' && code != '\u00ad';
            letters[code] = (char) (seen ? code : beyond++);
        }
        return letters;
    }

    /** {@code tokenizer.json}. */
    String json() {
        ObjectNode tokenizer = Fields.object();
        tokenizer.put("version", "1.0");
        tokenizer.putNull("truncation");
        tokenizer.putNull("padding");
        ArrayNode added = tokenizer.putArray("added_tokens");
        tokenizer.putObject("normalizer").put("type", "NFC");
        tokenizer.set("pre_tokenizer", PreTokenizers.named(RULE, directory));
        tokenizer.putNull("post_processor");
        tokenizer.set("decoder", PreTokenizers.byteLevel(true));
        Map<String, Integer> ids = new HashMap<>();
        tokens.forEach(token -> ids.put(token, ids.size()));
        ObjectNode model = TokenizerParts.pairs(tokenizer.putObject("model"), Merge.divisions(ids, Comparator.comparing(ids::get)));
        model.putNull("unk_token");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", true);
        ObjectNode vocabulary = model.putObject("vocab");
        ids.forEach(vocabulary::put);
        for (int i = 0; i < special.size(); i++) {
            TokenizerParts.add(added, tokens.size() + i, special.get(i), true);
            vocabulary.put(special.get(i), tokens.size() + i);
        }
        return tokenizer.toString();
    }
}
