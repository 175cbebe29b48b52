package org.intarsia.text;

import java.util.Collection;
import java.util.Comparator;

/** Finds the known word that was probably meant. */
public final class Nearest {
    private Nearest() {
    }

    /**
     * A question to append to an error message.
     *
     * @param given the word that is not known
     * @param known the words that would have been right
     * @return {@code "; did you mean X?"}, or nothing where no known word is near
     */
    public static String question(String given, Collection<String> known) {
        // A third of the letters may be wrong; a longer way is a guess, not a slip of the finger.
        int limit = Math.max(1, given.length() / 3);
        return known.stream()
                .filter(word -> distance(given, word) <= limit || given.length() > 2 && word.startsWith(given))
                .min(Comparator.comparingInt((String word) -> distance(given, word))
                        .thenComparing(Comparator.naturalOrder()))
                .map(word -> "; did you mean " + word + "?")
                .orElse("");
    }

    /** Letters to insert, remove, replace or swap with their neighbour to get from one word to the other. */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                cost[i][j] = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1),
                        1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], 1 + cost[i - 2][j - 2]);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
