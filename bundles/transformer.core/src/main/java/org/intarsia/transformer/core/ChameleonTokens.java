package org.intarsia.transformer.core;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.blocks.ConfigFile;

/** Finds the special tokens, and the token of each picture code, by their names in {@code vocabulary_map}. */
final class ChameleonTokens {
    private static final String MAP = "vocabulary_map";
    /** The token of a picture code: its decimal digits written as the letters A to J. */
    private static final Pattern CODE = Pattern.compile("IMGIMG([A-J]{1,9})Z");

    private final ConfigFile file;
    private final Map<String, Integer> ids;

    private ChameleonTokens(ConfigFile file) {
        this.file = file;
        this.ids = file.ids(MAP);
    }

    /** Reads the map; what is wrong is left with the file. */
    static SpecialTokens read(ConfigFile file, int vocabulary) {
        ChameleonTokens tokens = new ChameleonTokens(file);
        if (!file.isObject(MAP)) {
            return new SpecialTokens(0, 0, 0, 0, 0, 0, new int[0]);
        }
        tokens.ids.values().stream().max(Integer::compare)
                .filter(largest -> file.has("vocab_size") && largest >= vocabulary)
                .ifPresent(largest -> file.wrong(MAP, "has the id " + largest + ", but vocab_size is " + vocabulary));
        return new SpecialTokens(tokens.id("<s>"), tokens.id("</s>"), tokens.id("<reserved08706>"),
                tokens.id("<racm3:break>"), tokens.id("<eoss>"), tokens.id("<image>"), tokens.pictureIds());
    }

    private int id(String token) {
        Integer id = ids.get(token);
        if (id == null) {
            file.wrong(MAP, "has no token " + token);
            return 0;
        }
        return id;
    }

    /** The token of each code; IMGIMGBFZ is that of code 15. */
    private int[] pictureIds() {
        TreeMap<Integer, Integer> byCode = new TreeMap<>();
        ids.forEach((token, id) -> {
            Matcher matcher = CODE.matcher(token);
            if (matcher.matches() && byCode.put(code(matcher.group(1)), id) != null) {
                file.wrong(MAP, "names picture code " + code(matcher.group(1)) + " twice");
            }
        });
        int codes = file.isObject("vq_config") ? file.at("vq_config").size("num_embeddings", byCode.size()) : byCode.size();
        if (codes != byCode.size()) {
            file.wrong(MAP, "names " + byCode.size() + " picture codes, but vq_config.num_embeddings is " + codes);
        } else if (codes > 0 && byCode.lastKey() >= codes) {
            file.wrong(MAP, "names " + codes + " picture codes up to " + byCode.lastKey() + ", so some are missing");
        }
        return byCode.values().stream().mapToInt(id -> id).toArray();
    }

    private static int code(String letters) {
        int code = 0;
        for (char letter : letters.toCharArray()) {
            code = 10 * code + letter - 'A';
        }
        return code;
    }
}
