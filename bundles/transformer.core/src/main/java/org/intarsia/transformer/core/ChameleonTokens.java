package org.intarsia.transformer.core;

import java.util.Map;
import java.util.TreeMap;
import org.intarsia.model.api.StreamTokens;
import org.intarsia.model.blocks.ConfigFile;

/** Finds the special tokens, and the token of each picture code, by their names in {@code vocabulary_map}. */
final class ChameleonTokens {
    private static final String MAP = "vocabulary_map";
    private static final String CODE_BEGIN = "IMGIMG";
    private static final String CODE_END = "Z";

    private final ConfigFile file;
    private final Map<String, Integer> ids;
    private final int vocabulary;

    private ChameleonTokens(ConfigFile file, int vocabulary) {
        this.file = file;
        this.ids = file.ids(MAP);
        this.vocabulary = vocabulary;
    }

    /** Reads the map; what is wrong is left with the file. */
    static StreamTokens read(ConfigFile file, int vocabulary) {
        ChameleonTokens tokens = new ChameleonTokens(file, vocabulary);
        return new StreamTokens(tokens.id("<s>"), tokens.id("</s>"), tokens.id("<reserved08706>"),
                tokens.id("<racm3:break>"), tokens.id("<eoss>"), tokens.id("<image>"), tokens.pictureIds());
    }

    private int id(String token) {
        Integer id = ids.get(token);
        if (id == null) {
            if (file.has(MAP)) {
                file.wrong(MAP, "has no token " + token);
            }
            return 0;
        }
        return inside(token, id);
    }

    private int inside(String token, int id) {
        if (id >= vocabulary) {
            file.wrong(MAP, "gives " + token + " the id " + id + ", but vocab_size is " + vocabulary);
        }
        return id;
    }

    /** The token of each code. The names carry the code in decimal digits written as letters: IMGIMGBFZ is code 15. */
    private int[] pictureIds() {
        Map<Integer, Integer> byCode = new TreeMap<>();
        ids.forEach((token, id) -> {
            if (token.matches(CODE_BEGIN + "[A-J]{1,9}" + CODE_END)) {
                byCode.merge(code(token), inside(token, id), (first, second) -> {
                    file.wrong(MAP, "names code " + code(token) + " twice");
                    return first;
                });
            }
        });
        int codes = byCode.size();
        if (file.isObject("vq_config")) {
            int stored = file.at("vq_config").size("num_embeddings", codes);
            if (stored != codes) {
                file.wrong(MAP, "names " + codes + " picture codes, but vq_config.num_embeddings is " + stored);
            }
        }
        if (codes > 0 && byCode.keySet().stream().mapToInt(code -> code).max().getAsInt() >= codes) {
            file.wrong(MAP, "should name every picture code from 0 on");
        }
        return byCode.values().stream().mapToInt(id -> id).toArray();
    }

    private static int code(String token) {
        int code = 0;
        for (char letter : token.substring(CODE_BEGIN.length(), token.length() - CODE_END.length()).toCharArray()) {
            code = 10 * code + letter - 'A';
        }
        return code;
    }
}
