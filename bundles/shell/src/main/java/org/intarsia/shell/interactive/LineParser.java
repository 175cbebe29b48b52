package org.intarsia.shell.interactive;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.EOFError;
import org.intarsia.shell.api.UsageException;
import org.intarsia.shell.script.Quoting;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.SyntaxError;

/**
 * Tells the line reader which word is to be completed, and whether a line goes on: it does while a bracket is open. A quote
 * that is not closed is a mistake, which the shell names.
 */
final class LineParser implements Parser {
    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE) {
            check(line);
        }
        return Line.of(line, Math.max(0, Math.min(cursor, line.length())));
    }

    private static void check(String line) {
        try {
            new org.apache.felix.gogo.runtime.Parser(Quoting.plain(line)).program();
        } catch (EOFError e) {
            throw new org.jline.reader.EOFError(e.line(), e.column(), e.getMessage(), e.missing());
        } catch (UsageException | org.apache.felix.gogo.runtime.SyntaxError e) {
            // The line reader takes the line then, and the shell says what is wrong with it.
            throw new SyntaxError(0, 0, e.getMessage());
        }
    }

    /**
     * The statement that the cursor stands in, up to the end of its word there.
     *
     * @param redirected whether the word names a file, behind {@code >} or {@code <}
     * @param words without their quotes; the last is the one at the cursor
     * @param rawWord the last word as typed, up to its end
     * @param rawWordCursor how much of it stands before the cursor
     * @param beforeCursor the last word up to the cursor, without quotes
     */
    record Line(String line, int cursor, boolean redirected, List<String> words, String rawWord, int rawWordCursor,
            String beforeCursor) implements CompletingParsedLine {
        static Line of(String line, int cursor) {
            List<String> words = new ArrayList<>();
            boolean redirected = false;
            int at = 0;
            int begin = 0;
            StringBuilder word = new StringBuilder();
            char quote = 0;
            while (at < cursor) {
                char c = line.charAt(at);
                if (quote == 0 && " \t\n;|&{}()<>".indexOf(c) >= 0) {
                    if (begin < at && !redirected) {
                        words.add(word.toString());
                    }
                    if (begin < at) {
                        redirected = false;
                    }
                    if (c == '<' || c == '>') {
                        redirected = true;
                    } else if (c != ' ' && c != '\t') {
                        words.clear();
                        redirected = false;
                    }
                    word.setLength(0);
                    begin = at + 1;
                } else if (c == '\\' && quote != '\'' && at + 1 < cursor) {
                    word.append(line.charAt(++at));
                } else if (c == quote) {
                    quote = 0;
                } else if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else {
                    word.append(c);
                }
                at++;
            }
            words.add(word.toString());
            int end = cursor;
            while (end < line.length() && " \t\n;|&{}()<>\"'".indexOf(line.charAt(end)) < 0) {
                end++;
            }
            return new Line(line, cursor, redirected, List.copyOf(words), line.substring(begin, end), cursor - begin,
                    word.toString());
        }

        @Override
        public String word() {
            return words.getLast();
        }

        @Override
        public int wordCursor() {
            return beforeCursor.length();
        }

        @Override
        public int wordIndex() {
            return words.size() - 1;
        }

        @Override
        public int rawWordLength() {
            return rawWord.length();
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            char first = rawWord.isEmpty() ? 0 : rawWord.charAt(0);
            if (first == '"' || first == '\'') {
                return first + candidate.toString() + (complete ? String.valueOf(first) : "");
            }
            return candidate.toString().replaceAll("[\\\\\\s;|&{}()<>\"'$%*?\\[\\]~#]", "\\\\$0");
        }
    }
}
