package org.intarsia.shell.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.gogo.runtime.Token;
import org.intarsia.shell.api.UsageException;

/**
 * One statement of a text in Gogo's language.
 *
 * @param text       the statement as Gogo runs it, with its redirections
 * @param line       the line that it begins at, from 1
 * @param appending  the redirections of standard output, such that they append; empty where there are none
 * @param assignment whether its value goes into a variable, so that it is not shown
 */
public record Statement(String text, int line, String appending, boolean assignment) {
    private static final Pattern ASSIGNMENT = Pattern.compile("\\w+\\s*=");
    private static final Pattern OUTPUT = Pattern.compile("[1&]?>>?");
    private static final Pattern OUTPUT_COPY = Pattern.compile("1?>&[0-9]");
    private static final Pattern COPY = Pattern.compile("[0-9]?[<>]&[0-9-]");

    /**
     * Splits a text. Gogo's tokens are statements and what stands between them, of which {@code &} and {@code &&} belong
     * to a statement.
     *
     * @throws UsageException when a quote is not closed
     */
    static List<Statement> all(String text) throws UsageException {
        String plain = Quoting.plain(text);
        List<Statement> statements = new ArrayList<>();
        int begin = 0;
        Parser.Executable last = null;
        int line = 0;
        for (Parser.Executable token : new Parser(plain).program().tokens()) {
            boolean operator = token instanceof Parser.Operator;
            if (!operator) {
                line = last == null ? lineOf(plain, token) : line;
                last = token;
                continue;
            }
            String sign = token.toString();
            if (sign.isBlank() || sign.equals(";") || sign.equals("&")) {
                add(statements, plain.substring(begin, token.start() + (sign.equals("&") ? 1 : 0)), line, last);
                begin = token.start() + token.length();
                last = null;
            }
        }
        add(statements, plain.substring(begin), line, last);
        return statements;
    }

    /** Returns whether a command of a statement, or of a pipe, is called with a word; false where the text cannot be read. */
    public static boolean calls(String text, String word) {
        try {
            return new Parser(Quoting.plain(text)).program().tokens().stream()
                    .flatMap(token -> token instanceof Parser.Pipeline pipeline ? pipeline.tokens().stream() : Stream.of(token))
                    .filter(Parser.Statement.class::isInstance)
                    .flatMap(statement -> ((Parser.Statement) statement).tokens().stream())
                    .anyMatch(token -> token.toString().equals(word));
        } catch (UsageException | SyntaxError e) {
            return false;
        }
    }

    private static void add(List<Statement> statements, String text, int line, Parser.Executable executable) {
        // Comments, and nothing at all between two separators, are no statements.
        if (executable != null && !executable.toString().isBlank()) {
            statements.add(new Statement(text, line, appending(executable), ASSIGNMENT.matcher(executable).lookingAt()));
        }
    }

    private static int lineOf(String text, Token token) {
        return (int) text.substring(0, token.start()).chars().filter(c -> c == '\n').count() + 1;
    }

    private static String appending(Parser.Executable executable) {
        Parser.Executable last = executable instanceof Parser.Pipeline pipeline ? pipeline.tokens().getLast() : executable;
        List<? extends Token> tokens = last instanceof Parser.Statement statement ? statement.redirections() : List.of();
        StringBuilder appending = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String sign = tokens.get(i).toString();
            if (COPY.matcher(sign).matches()) {
                appending.append(OUTPUT_COPY.matcher(sign).matches() ? " " + sign : "");
                continue;
            }
            String file = tokens.get(++i).toString();
            if (OUTPUT.matcher(sign).matches()) {
                appending.append(" >> ").append(file);
            }
        }
        return appending.toString();
    }
}
