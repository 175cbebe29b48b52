package org.intarsia.shell.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.intarsia.shell.api.UsageException;

/**
 * Prepares a text for Gogo, which reads a double-quoted string twice and takes quotes, braces and percent signs in it for
 * its own the second time. Such characters are put outside of the string and escaped there; {@code $name}, <code>${…}</code>,
 * {@code $(…)} and {@code %(…)} keep their meaning. Patterns of files become calls of {@link FilePattern}. Lines stay lines.
 */
public final class Quoting {
    private static final char END = '\0';
    /** A word that stands for files, and holds nothing else that means something to Gogo but variables. */
    private static final Pattern FILES = Pattern.compile("(?=[^\\s*?]*[*?])(?:[\\p{L}\\p{N}._/,:@+*?-]|\\$(?=\\p{L}))+(?=[\\s;|&)}\\]<>]|$)");

    private final String text;
    private final StringBuilder plain = new StringBuilder();
    private int at;

    private Quoting(String text) {
        this.text = text;
    }

    /**
     * Returns a text that Gogo reads as a person reads the given one.
     *
     * @throws UsageException when a quote is not closed; the message says where it opens
     */
    public static String plain(String text) throws UsageException {
        Quoting quoting = new Quoting(text);
        quoting.program(END);
        return quoting.plain.toString();
    }

    /** Copies words and strings up to a closing bracket that no other opened, or to the end. */
    private void program(char end) throws UsageException {
        int depth = 0;
        boolean wordBegins = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == end && depth == 0) {
                return;
            }
            boolean begins = wordBegins;
            wordBegins = Character.isWhitespace(c) || "(){}[];|&=".indexOf(c) >= 0;
            if (begins && isComment()) {
                comment();
            } else if (begins && isFiles()) {
                files();
            } else if (c == '\\') {
                copy(2);
            } else if (c == '\'') {
                verbatim();
            } else if (c == '"') {
                string();
            } else if (c == '%') {
                percent();
            } else if (c == '$' && next() == '{') {
                group();
            } else if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
                // A here-document takes all that follows as it is.
                copy(text.length() - at);
            } else {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                copy(1);
            }
        }
    }

    private boolean isComment() {
        return text.charAt(at) == '#' || text.startsWith("//", at) || text.startsWith("/*", at);
    }

    private void comment() {
        boolean block = text.startsWith("/*", at);
        int end = text.indexOf(block ? "*/" : "\n", at);
        copy(end < 0 ? text.length() - at : end - at + (block ? 2 : 0));
    }

    /** Returns whether an argument that stands for files begins here. What follows such a sign is a command, a value or a target. */
    private boolean isFiles() {
        String before = text.substring(text.lastIndexOf('\n', at - 1) + 1, at).stripTrailing();
        return !before.isEmpty() && ";|&({[=<>!".indexOf(before.charAt(before.length() - 1)) < 0
                && text.charAt(at) != '-' && FILES.matcher(text).region(at, text.length()).lookingAt();
    }

    /** Has the files found by a function of ours; Gogo would take quotes and backslashes in their names for its own. */
    private void files() {
        Matcher word = FILES.matcher(text).region(at, text.length());
        word.lookingAt();
        plain.append('(').append(FilePattern.FUNCTION).append(" \"").append(word.group()).append("\")");
        at = word.end();
    }

    /** Copies a string in single quotes. */
    private void verbatim() throws UsageException {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw open(at);
        }
        copy(end + 1 - at);
    }

    /** Copies a string in double quotes, in several pieces where it holds what Gogo would take for its own. */
    private void string() throws UsageException {
        int start = at;
        copy(1);
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                copy(1);
                return;
            } else if (c == '\\' && next() == 'u' && !text.substring(at).matches("(?s)\\\\u\\p{XDigit}{4}.*")) {
                // Not a letter's number, as Gogo would complain, but a path of Windows.
                plain.append("\\\\");
                at++;
            } else if (c == '\\') {
                copy(2);
            } else if (c == '\'' || c == '{' || c == '}') {
                plain.append("\"\\").append(c).append('"');
                at++;
            } else if (c == '%') {
                percent();
            } else if (c == '$') {
                dollar();
            } else {
                copy(1);
            }
        }
        throw open(start);
    }

    private void percent() throws UsageException {
        if (next() == '(') {
            copy(1);
            group();
        } else {
            plain.append('\\');
            copy(1);
        }
    }

    /** Copies what a dollar sign in a string begins; one that begins nothing is a character. */
    private void dollar() throws UsageException {
        char next = next();
        if (next == '{') {
            copy(1);
            group();
        } else if (next == '(') {
            command();
        } else {
            if (!Character.isLetterOrDigit(next) && "_.*@?#".indexOf(next) < 0) {
                plain.append('\\');
            }
            copy(1);
        }
    }

    /** Copies a command in a string. Gogo ends the string at the first double quote in it. */
    private void command() throws UsageException {
        int start = at;
        int begin = plain.length();
        copy(2);
        program(')');
        if (at == text.length()) {
            throw wrong("the bracket that opens", start + 1);
        }
        copy(1);
        if (plain.indexOf("\"", begin) >= 0) {
            throw new UsageException("a text within $(…) within double quotes stands in single quotes");
        }
    }

    /** Copies a group in brackets as it is; the bracket may stand behind a dollar sign. */
    private void group() throws UsageException {
        int start = at;
        if (text.charAt(at) == '$') {
            copy(1);
        }
        char opens = text.charAt(at);
        char closes = opens == '(' ? ')' : '}';
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                int end = text.indexOf(c, at + 1);
                if (end < 0) {
                    throw open(at);
                }
                copy(end + 1 - at);
                continue;
            }
            depth += c == opens ? 1 : c == closes ? -1 : 0;
            copy(c == '\\' ? 2 : 1);
            if (depth == 0) {
                return;
            }
        }
        throw wrong("the bracket that opens", start);
    }

    private char next() {
        return at + 1 < text.length() ? text.charAt(at + 1) : END;
    }

    private void copy(int count) {
        int end = Math.min(text.length(), at + count);
        plain.append(text, at, end);
        at = end;
    }

    private UsageException open(int start) {
        return wrong("the quote that opens", start);
    }

    private UsageException wrong(String what, int start) {
        int lineBegin = text.lastIndexOf('\n', start - 1) + 1;
        long line = text.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
        return new Unclosed(Math.toIntExact(line), what + " at column " + (start - lineBegin + 1)
                + (text.contains("\n") ? " of line " + line : "") + " is not closed");
    }
}
