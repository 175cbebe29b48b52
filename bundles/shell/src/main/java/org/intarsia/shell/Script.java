package org.intarsia.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;

/**
 * Runs text in Gogo's language, statement by statement, and prints what each gives. A statement that ends with {@code &}
 * runs beside those that follow; the script ends when all have ended. Use it on one thread.
 */
public final class Script implements AutoCloseable {
    /** What goes into a variable is not shown. */
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*\\w+\\s*=");

    private final CommandSession session;
    private final PrintStream out;
    private final Map<Job, CompletableFuture<Object>> background = new ConcurrentHashMap<>();

    /** A script whose statements read and write as the console does. */
    public Script(CommandProcessor processor, Console console) {
        try {
            // Gogo's own processor is the only one there is; its interface says nothing of adding commands.
            Builtins.addTo((CommandProcessorImpl) processor);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("scripts need classes that are not here (" + e.getMessage().replace('/', '.')
                    + "): install the bundles org.apache.felix.gogo.runtime and org.apache.felix.gogo.jline", e);
        }
        out = console.out();
        session = processor.createSession(console.in(), console.out(), console.err());
        session.put("SCOPE", Command.SCOPE + ":*");
        session.setJobListener(this::changed);
    }

    /**
     * Runs a text, and waits for what it has begun.
     *
     * @return how many statements were run
     * @throws Exception what the first statement that failed has thrown; later ones are not run then
     */
    public int run(String text) throws Exception {
        List<String> statements = statements(text);
        for (String statement : statements) {
            Object result = session.execute(statement);
            if (!ASSIGNMENT.matcher(statement).lookingAt()) {
                print(result);
            }
        }
        for (CompletableFuture<Object> job : background.values()) {
            try {
                job.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
        return statements.size();
    }

    /** Gogo's tokens are statements and what stands between them, of which {@code &} and {@code &&} belong to a statement. */
    private static List<String> statements(String text) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        for (CharSequence token : new Parser(text).program().tokens()) {
            boolean ends = token instanceof Parser.Operator && (token.toString().isBlank() || token.toString().equals(";"));
            if (!ends) {
                statement.append(token).append(' ');
            }
            if (ends || token.toString().equals("&")) {
                add(statement, statements);
            }
        }
        add(statement, statements);
        return statements;
    }

    private static void add(StringBuilder statement, List<String> statements) {
        if (!statement.toString().isBlank()) {
            statements.add(statement.toString());
        }
        statement.setLength(0);
    }

    private void changed(Job job, Job.Status before, Job.Status now) {
        if (now == Job.Status.Background) {
            background.put(job, new CompletableFuture<>());
        }
        CompletableFuture<Object> waited = background.get(job);
        if (now == Job.Status.Done && waited != null) {
            if (job.result().isSuccess()) {
                print(job.result().result());
                waited.complete(null);
            } else {
                waited.completeExceptionally(job.result().exception());
            }
        }
    }

    private void print(Object result) {
        if (result != null) {
            String text = session.format(result, Converter.INSPECT).toString();
            if (!text.isEmpty()) {
                out.println(text);
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
