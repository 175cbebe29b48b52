package org.intarsia.families.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Two neighbours that become one token. */
public record Merge(String left, String right) {
    /** No real token is longer; one as long as a file allows could be divided for hours. */
    private static final int LONGEST = 256;

    /**
     * The merges of tokenizers that have none of their own, but join whatever gives the best token: each way to divide a
     * token into two others.
     *
     * @param ids  the tokens that are merged, and what they are merged from
     * @param best the better token first
     */
    public static List<Merge> divisions(Map<String, Integer> ids, Comparator<String> best) {
        List<Merge> merges = new ArrayList<>();
        for (String token : ids.keySet().stream().sorted(best.thenComparing(ids::get)).toList()) {
            List<Merge> ways = new ArrayList<>();
            // From the second character on.
            for (int i = next(token, 0); i < token.length() && token.length() <= LONGEST; i = next(token, i)) {
                if (ids.containsKey(token.substring(0, i)) && ids.containsKey(token.substring(i))) {
                    ways.add(new Merge(token.substring(0, i), token.substring(i)));
                }
            }
            ways.sort(Comparator.comparing(merge -> ids.get(merge.left)));
            merges.addAll(ways);
        }
        return merges;
    }

    private static int next(String token, int index) {
        return index + (index < token.length() ? Character.charCount(token.codePointAt(index)) : 0);
    }
}
