package org.intarsia.model.adapters;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.intarsia.model.api.ModelException;
import org.intarsia.text.Quoted;

/**
 * A regular expression over the paths of modules, from a file that nobody has checked: one that takes too long to match is
 * refused. Immutable.
 */
final class ModulePattern {
    /** Paths have some tens of characters; useful patterns look at each a few times. */
    private static final int MOST_LOOKS = 200_000;

    private final Pattern pattern;
    private final String where;

    /**
     * Compiles a pattern.
     *
     * @param where names the file and the key in messages
     * @throws ModelException when it is no regular expression
     */
    ModulePattern(String expression, String where) {
        this.where = where + " holds the pattern " + Quoted.of(expression);
        try {
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw new ModelException(this.where + ", which is no regular expression; correct it", e);
        }
    }

    /** Tells whether the whole path matches. */
    boolean matches(String path) {
        try {
            return pattern.matcher(new Counted(path, new int[1], where)).matches();
        } catch (StackOverflowError e) {
            throw new ModelException(where + ", which is too deep to be matched; write a simpler one", e);
        }
    }

    /** A text that may be looked at only so often. */
    private record Counted(String text, int[] looks, String where) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > MOST_LOOKS) {
                throw new ModelException(where + ", which takes too long to match; write a simpler one");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.substring(start, end), looks, where);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
