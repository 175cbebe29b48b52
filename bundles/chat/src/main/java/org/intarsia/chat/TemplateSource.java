package org.intarsia.chat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.intarsia.chat.python.None;
import org.intarsia.chat.python.PythonMethods;
import org.intarsia.chat.python.PythonText;
import org.intarsia.chat.python.TemplateSyntax;

/**
 * Translates the text of a template into what jinjava reads the same way as Jinja does. Whitespace control, comments, raw
 * blocks and string literals are the lexer's work in Jinja, and jinjava's own lexer differs in all four. Here they follow
 * Jinja 3 with {@code trim_blocks} and {@code lstrip_blocks}, as transformers sets them: each literal becomes a variable, and
 * each tag stands alone.
 */
final class TemplateSource {
    /** Stands for Python's None, which jinjava takes for undefined. */
    static final String NONE = "none__";
    /** The prefix of the names of filters and tests that do not exist. */
    static final String MISSING = "missing_";
    private static final String LITERAL = "literal%d__";
    private static final Set<String> ENDS_NEGATION = Set.of("and", "or", "if", "else");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "in", "is", "if", "else", "elif", "for", "set", "call");
    /** Jinjava's parser looks ahead for the end of each bracket, so that its time grows with the square of these. */
    private static final int DEEPEST = 32;
    private static final int LONGEST_TAG = 4096;
    private static final int TAG = '%';
    private static final int COMMENT = '#';
    private static final int EXPRESSION = '{';

    private final String source;
    private final List<String> literals = new ArrayList<>();
    private final Set<String> missing = new HashSet<>();
    private final StringBuilder out = new StringBuilder();
    private int at;
    private boolean lineBegins = true;

    private TemplateSource(String source) {
        this.source = source;
    }

    /**
     * A translated template.
     *
     * @param text     what jinjava reads
     * @param literals the values of the variables that {@link #name} names
     * @param missing  the names of filters and tests that there are not; they stand in the text behind {@link #MISSING}
     */
    record Translated(String text, List<String> literals, Set<String> missing) {
    }

    /** Returns the name of the variable that stands for a literal. */
    static String name(int literal) {
        return LITERAL.replace("%d", Integer.toString(literal));
    }

    /** @throws TemplateSyntax when a tag, a comment or a literal has no end */
    static Translated translate(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        TemplateSource source = new TemplateSource(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
        source.run();
        return new Translated(source.out.toString(), List.copyOf(source.literals), Set.copyOf(source.missing));
    }

    private void run() {
        while (true) {
            int open = opening(at);
            if (open < 0) {
                text(source.substring(at));
                return;
            }
            int kind = source.charAt(open + 1);
            char sign = sign(open + 2);
            text(stripped(source.substring(at, open), kind, sign));
            at = open + 2 + (sign == 0 ? 0 : 1);
            if (kind == COMMENT) {
                int close = source.indexOf("#}", at);
                if (close < 0) {
                    throw new TemplateSyntax("a comment has no end");
                }
                char before = close > at ? source.charAt(close - 1) : 0;
                end(close + 2, before == '-' || before == '+' ? before : 0, true);
            } else if (kind == TAG && word(skipped(at)).equals("raw")) {
                raw();
            } else {
                tag(kind);
            }
        }
    }

    private int opening(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            int next = source.charAt(i + 1);
            if (next == TAG || next == COMMENT || next == EXPRESSION) {
                return i;
            }
        }
        return -1;
    }

    private char sign(int position) {
        char c = position < source.length() ? source.charAt(position) : 0;
        return c == '-' || c == '+' ? c : 0;
    }

    /** Returns a text as the tag behind it leaves it: without its end where the tag has a minus, or begins the line. */
    private String stripped(String text, int kind, char sign) {
        if (sign == '-') {
            return text.substring(0, PythonText.trimmedEnd(text));
        }
        if (sign != '+' && kind != EXPRESSION) {
            int line = text.lastIndexOf('\n') + 1;
            if ((line > 0 || lineBegins) && PythonText.trimmedEnd(text) <= line) {
                return text.substring(0, line);
            }
        }
        return text;
    }

    /** Goes on behind a tag, as its end says. */
    private void end(int position, char sign, boolean trims) {
        at = position;
        if (sign == '-') {
            while (at < source.length() && PythonText.space(source.charAt(at))) {
                at++;
            }
        } else if (sign == 0 && trims && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        lineBegins = source.charAt(at - 1) == '\n';
    }

    private void raw() {
        int close = source.indexOf("%}", at);
        if (close < 0) {
            throw new TemplateSyntax("a raw block has no end");
        }
        end(close + 2, source.charAt(close - 1) == '-' ? '-' : 0, false);
        for (int open = source.indexOf("{%", at); open >= 0; open = source.indexOf("{%", open + 2)) {
            char sign = sign(open + 2);
            if (word(skipped(open + 2 + (sign == 0 ? 0 : 1))).equals("endraw")) {
                text(stripped(source.substring(at, open), TAG, sign));
                int end = source.indexOf("%}", open);
                if (end >= 0) {
                    char before = source.charAt(end - 1);
                    end(end + 2, before == '-' || before == '+' ? before : 0, true);
                    return;
                }
            }
        }
        throw new TemplateSyntax("a raw block has no end");
    }

    private int skipped(int position) {
        int i = position;
        while (i < source.length() && PythonText.space(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private String word(int position) {
        int i = position;
        while (i < source.length() && (Character.isLetterOrDigit(source.charAt(i)) || source.charAt(i) == '_')) {
            i++;
        }
        return source.substring(position, i);
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            out.append("{{ ").append(literal(text)).append(" }}");
            lineBegins = text.endsWith("\n");
        }
    }

    private String literal(String value) {
        literals.add(value);
        return name(literals.size() - 1);
    }

    /** A bracket that is open, or a value that goes on: what ends it, and what is written then. */
    private record Open(char close, String written, boolean slice) {
        /** The operand of {@code not}, which binds looser in Jinja: {@code not a == b} is {@code not (a == b)}. */
        static final Open NEGATION = new Open('n', ")", false);
        /** The value of a named argument, which jinjava ends at a plus or a minus. */
        static final Open NAMED = new Open('=', ")", false);

        boolean bracket() {
            return close == ')' || close == ']' || close == '}';
        }
    }

    /** Copies a tag or an expression, its literals hoisted, and what jinjava reads otherwise written so that it does not. */
    private void tag(int kind) {
        if (kind == TAG && !Dialect.hasTag(word(skipped(at)))) {
            throw new TemplateSyntax("unknown tag '" + word(skipped(at)) + "'");
        }
        out.append(kind == TAG ? "{% " : "{{ ");
        String close = kind == TAG ? "%}" : "}}";
        Deque<Open> open = new ArrayDeque<>();
        // The last token, by which names of tests, filters and attributes are told from values.
        String last = "";
        int begin = out.length();
        while (at < source.length()) {
            char c = source.charAt(at);
            if (open.size() > DEEPEST || out.length() - begin > LONGEST_TAG) {
                throw new TemplateSyntax("a tag is longer than " + LONGEST_TAG + " characters, or nests deeper than " + DEEPEST);
            }
            if (open.stream().noneMatch(Open::bracket)) {
                boolean signed = (c == '-' || c == '+') && source.startsWith(close, at + 1);
                if (signed || source.startsWith(close, at)) {
                    endValues(open, true);
                    out.append(kind == TAG ? " %}" : " }}");
                    end(at + (signed ? 3 : 2), signed ? c : 0, kind == TAG);
                    return;
                }
            }
            if (PythonText.space(c)) {
                out.append(' ');
                at++;
            } else if (c == '\'' || c == '"') {
                String value = PythonText.literal(source, at);
                at = PythonText.literalEnd(source, at);
                if (last.equals("'")) {
                    // Literals side by side are one.
                    literals.set(literals.size() - 1, literals.getLast() + value);
                } else {
                    out.append(literal(value));
                }
                last = "'";
            } else if (Character.isLetter(c) || c == '_') {
                last = word(word(at), last, open);
            } else if (c == '.' && value(last) && at + 1 < source.length() && Character.isDigit(source.charAt(at + 1))
                    && !Character.isDigit(last.charAt(0))) {
                String index = word(at + 1);
                out.append('[').append(index).append(']');
                at += 1 + index.length();
                last = "]";
            } else if (Character.isDigit(c)) {
                last = word(at);
                out.append(last);
                at += last.length();
            } else {
                symbol(c, last, open);
                last = String.valueOf(c);
                at++;
            }
        }
        throw new TemplateSyntax("a tag has no end");
    }

    private String word(String word, String last, Deque<Open> open) {
        if (ENDS_NEGATION.contains(word) && !last.equals(".")) {
            endValues(open, false);
        }
        out.append(last.equals("|") || last.equals("is") ? known(word, last) : translated(word, last));
        at += word.length();
        if (word.equals("not") && !last.equals(".")) {
            if (last.equals("is")) {
                return "is";
            }
            if (!word(skipped(at)).equals("in")) {
                out.append(" (");
                open.push(Open.NEGATION);
            }
        }
        return word;
    }

    /** Returns the name of a filter or a test; one that there is not may stand where it is never asked, as in Jinja. */
    private String known(String word, String last) {
        boolean there = last.equals("|") ? TemplateFilters.names().contains(word) : word.equals("not") || Dialect.hasTest(word);
        if (!there) {
            missing.add(word);
        }
        return there ? word : MISSING + word;
    }

    private void symbol(char c, String last, Deque<Open> open) {
        if (",:)]}".indexOf(c) >= 0) {
            endValues(open, true);
        }
        Open inner = open.peek();
        switch (c) {
            case '(' -> open(open, c, new Open(')', ")", false));
            case '{' -> {
                // Jinjava takes commas of a mapping in parentheses for those of a tuple.
                out.append('[');
                open(open, c, new Open('}', "}][0]", false));
            }
            case '[' -> {
                if (value(last) && sliced()) {
                    out.append('.').append(PythonMethods.SLICE).append("(");
                    open.push(new Open(']', ")", true));
                } else {
                    open(open, c, new Open(']', "]", false));
                }
            }
            case ')', ']', '}' -> {
                if (inner == null || inner.close != c) {
                    throw new TemplateSyntax("unexpected '" + c + "'");
                }
                if (inner.slice && (last.equals("[") || last.equals(":"))) {
                    out.append(NONE);
                }
                out.append(inner.written);
                open.pop();
            }
            case ':' -> {
                boolean slice = inner != null && inner.slice;
                out.append(slice && (last.equals("[") || last.equals(":")) ? NONE : "").append(slice ? ',' : ':');
            }
            case '=' -> {
                out.append(c);
                boolean alone = "=!<>".indexOf(source.charAt(at - 1)) < 0 && source.charAt(at + 1) != '=';
                if (alone && inner != null && inner.close == ')') {
                    out.append('(');
                    open.push(Open.NAMED);
                }
            }
            case '+', '-' -> out.append(' ').append(c).append(' ');
            default -> out.append(c);
        }
    }

    private void open(Deque<Open> open, char c, Open bracket) {
        out.append(c);
        open.push(bracket);
    }

    /** Returns whether a bracket behind this token is a subscript, or a dot an attribute. */
    private static boolean value(String last) {
        return !last.isEmpty() && (Character.isLetterOrDigit(last.charAt(0)) || "_)]}'".indexOf(last.charAt(0)) >= 0)
                && !KEYWORDS.contains(last);
    }

    /** Returns whether the brackets that begin here hold a colon of their own. */
    private boolean sliced() {
        int depth = 0;
        for (int i = at; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\'' || c == '"') {
                i = PythonText.literalEnd(source, i) - 1;
            } else if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0 && --depth == 0) {
                return false;
            } else if (c == ':' && depth == 1) {
                return true;
            }
        }
        return false;
    }

    /** Closes values that end here: negations end at {@code and} already, named values at the next comma or bracket. */
    private void endValues(Deque<Open> open, boolean all) {
        while (!open.isEmpty() && (open.peek() == Open.NEGATION || all && open.peek() == Open.NAMED)) {
            out.append(open.pop().written).append(' ');
        }
    }

    private static String translated(String word, String last) {
        if (last.equals(".")) {
            return word;
        }
        return switch (word) {
            case "none", "None" -> NONE;
            case "True" -> "true";
            case "False" -> "false";
            default -> word;
        };
    }
}
