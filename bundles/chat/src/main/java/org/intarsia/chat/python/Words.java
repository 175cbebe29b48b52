package org.intarsia.chat.python;

import java.util.ArrayList;
import java.util.List;

/** Finds words and commas outside of brackets. Literals are hoisted before, so brackets are all there is. */
public final class Words {
    private Words() {
    }

    /** Returns where a word begins that stands outside of brackets, or -1. */
    public static int find(String text, String word, int from) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            } else if (depth == 0 && text.startsWith(word, i) && i > 0 && !letter(text.charAt(i - 1))
                    && (i + word.length() == text.length() || !letter(text.charAt(i + word.length())))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean letter(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }

    /** Splits at commas outside of brackets. */
    public static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            } else if (c == ',' && depth == 0) {
                pieces.add(text.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        pieces.add(text.substring(begin).strip());
        pieces.removeIf(String::isEmpty);
        return pieces;
    }
}
