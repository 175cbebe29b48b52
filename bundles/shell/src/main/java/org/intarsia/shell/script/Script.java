package org.intarsia.shell.script;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.gogo.runtime.SyntaxError;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.intarsia.shell.Catalogue;
import org.intarsia.shell.Failure;
import org.intarsia.shell.RunningCommands;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.UsageException;

/**
 * Runs text in Gogo's language, statement by statement, and prints what each gives. A statement that ends with {@code &}
 * runs beside those that follow; the script ends when all have ended. Use it on one thread.
 */
public final class Script implements AutoCloseable {
    /** Variable of a session, and so a function: prints what a statement gave where its output goes. */
    private static final String SHOWN = ".shown";

    private final CommandSession session;
    private final Consumer<String> out;
    private final Optional<BiConsumer<Exception, String>> failures;
    private final Map<Job, CompletableFuture<Object>> background = new ConcurrentHashMap<>();
    private volatile Job foreground;
    private volatile boolean interrupted;
    private String failed = "";

    /** A script whose statements read and write as the console does. */
    public Script(CommandProcessor processor, Console console) {
        try {
            // Gogo's own processor is the only one there is; its interface says nothing of adding commands.
            Builtins.addTo((CommandProcessorImpl) processor);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("scripts need classes that are not here (" + e.getMessage().replace('/', '.')
                    + "): install the bundles org.apache.felix.gogo.runtime and org.apache.felix.gogo.jline", e);
        }
        CommandSession made = processor.createSession(console.in(), console.out(), console.err());
        ShieldedChannels.protect(processor, made);
        made.put("SCOPE", Command.SCOPE + ":gogo:*");
        this.session = made;
        this.out = console.out()::println;
        this.failures = Optional.empty();
        prepare();
    }

    /**
     * Statements of a session that there is, where nobody waits for those that run beside.
     *
     * @param out takes what statements give
     * @param failures takes what statements that ran beside have thrown, with the statement
     */
    public Script(CommandSession session, Consumer<String> out, BiConsumer<Exception, String> failures) {
        this.session = session;
        this.out = out;
        this.failures = Optional.of(failures);
        prepare();
    }

    private void prepare() {
        FilePattern.addTo(session);
        session.setJobListener(this::changed);
    }

    /**
     * Runs a text, and waits for what it has begun.
     *
     * @return how many statements were run
     * @throws Exception what the first statement that failed has thrown; later ones are not run then
     */
    public int run(String text) throws Exception {
        int count = runStatements(text, statement -> "");
        awaitBackground();
        return count;
    }

    /**
     * Runs the text of a file, and waits for what it has begun.
     *
     * @param file its name, which stands in the message of a failure together with the line
     * @return how many statements were run
     * @throws Exception what the first statement that failed has thrown; later ones are not run then
     */
    public int run(String file, String text) throws Exception {
        // Scripts from Windows end their lines with two characters.
        int count = runStatements(text.replace("\r\n", "\n"), statement -> file + ":" + statement.line() + ": ");
        awaitBackground();
        return count;
    }

    /** Runs the statements of a text, and does not wait for those that run beside. */
    public int runStatements(String text) throws Exception {
        return runStatements(text, statement -> "");
    }

    private int runStatements(String text, java.util.function.Function<Statement, String> place) throws Exception {
        List<Statement> statements;
        try {
            statements = Statement.all(text);
        } catch (UsageException | SyntaxError e) {
            failed = text;
            throw at(place.apply(new Statement(text, lineOf(e), "", false)), e);
        }
        interrupted = false;
        for (Statement statement : statements) {
            try {
                if (interrupted) {
                    throw new CancellationException("interrupted");
                }
                run(statement);
            } catch (Exception e) {
                failed = statement.text();
                throw at(place.apply(statement), e);
            }
        }
        return statements.size();
    }

    /**
     * Called on another thread than the one that runs: interrupts the commands of the statement that runs, and the text ends
     * with it. Called again, it waits no more for them.
     */
    public void interrupt() {
        boolean again = interrupted;
        // Before the job is looked for: one that begins at this moment sees it.
        interrupted = true;
        Job job = session.foregroundJob();
        if (job != null && (!RunningCommands.interrupt(job) || again)) {
            RunningCommands.interruptTools(job);
        }
    }

    public boolean isInterrupted() {
        return interrupted;
    }

    /** Returns the statement that was the first to fail in the last text with a failure; all of a text that cannot be read. */
    public String failed() {
        return failed;
    }

    private static int lineOf(Exception e) {
        return switch (e) {
            case SyntaxError error -> error.line() + 1;
            case Unclosed unclosed -> unclosed.line();
            default -> 1;
        };
    }

    private void run(Statement statement) throws Exception {
        Object result = execute(statement.text());
        String text = result == null || statement.assignment() ? "" : format(result);
        if (!text.isEmpty() && statement.appending().isEmpty()) {
            out.accept(text);
        } else if (!text.isEmpty()) {
            session.put(SHOWN, (Function) (session, arguments) -> show(text));
            execute(SHOWN + statement.appending());
        }
    }

    /** Gogo itself prints nothing at the end of a pipe. */
    private static Object show(String text) throws IOException {
        System.out.println(text);
        if (System.out.checkError()) {
            throw new IOException("what there is to show cannot be written; the disk may be full");
        }
        return null;
    }

    private Object execute(String statement) throws Exception {
        try {
            return session.execute(statement);
        } catch (InterruptedException e) {
            Job job = foreground;
            if (job == null) {
                throw e;
            }
            return interrupt(job);
        }
    }

    /** Hands an interrupt on to the commands of a job, and waits for how they end. */
    private static Object interrupt(Job job) throws Exception {
        if (!RunningCommands.interrupt(top(job))) {
            RunningCommands.interruptTools(job);
        }
        synchronized (job) {
            while (job.status() != Job.Status.Done) {
                job.wait();
            }
        }
        if (job.result() != null && job.result().exception() != null) {
            throw job.result().exception();
        }
        throw new CancellationException("interrupted");
    }

    private static Job top(Job job) {
        Job top = job;
        while (top.parent() != null) {
            top = top.parent();
        }
        return top;
    }

    private void awaitBackground() throws Exception {
        for (CompletableFuture<Object> job : background.values()) {
            try {
                job.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? explained(cause) : e;
            }
        }
    }

    /** The same exception for the same status, with the place before its sentence. */
    private Exception at(String place, Exception thrown) {
        Exception explained = explained(thrown);
        if (place.isEmpty()) {
            return explained;
        }
        Failure failure = Failure.of(explained);
        String sentence = place + failure.sentence();
        Exception placed = switch (explained) {
            case UsageException e -> new UsageException(sentence);
            case CancellationException e -> new CancellationException(sentence);
            default -> new IllegalStateException(sentence);
        };
        placed.initCause(explained);
        return placed;
    }

    /** Says what is wrong with a text as is said to those who call a command from the system's shell. */
    private Exception explained(Exception thrown) {
        return switch (thrown) {
            case CommandNotFoundException e -> new UsageException(Catalogue.unknown(e.getCommand(), commands(session), "help"));
            case SyntaxError e -> new UsageException("this cannot be read: " + e.getMessage());
            case InterruptedException e -> new CancellationException("interrupted");
            default -> thrown;
        };
    }

    /** The names that may be typed: those of commands, without their scope, and of functions that are variables. */
    @SuppressWarnings("unchecked") // documented by Gogo
    public static Set<String> commands(CommandSession session) {
        Set<String> names = new TreeSet<>();
        for (String name : (Set<String>) session.get(CommandSessionImpl.COMMANDS)) {
            names.add(name.substring(name.indexOf(':') + 1));
        }
        for (String variable : (Set<String>) session.get(CommandSessionImpl.VARIABLES)) {
            if (session.get(variable) instanceof Function && Character.isLetter(variable.charAt(0))) {
                names.add(variable);
            }
        }
        names.removeIf(name -> name.startsWith("_"));
        return names;
    }

    private void changed(Job job, Job.Status before, Job.Status now) {
        boolean statement = job.parent() == null || job.parent().session() != session;
        if (now == Job.Status.Foreground && statement) {
            foreground = job;
            if (interrupted) {
                RunningCommands.interrupt(top(job));
                // Gogo calls this before it begins the job, on the thread that begins it.
                Thread.ofVirtual().start(() -> RunningCommands.interruptTools(job));
            }
        }
        if (now == Job.Status.Background) {
            background.put(job, new CompletableFuture<>());
        }
        CompletableFuture<Object> waited = background.get(job);
        if (now == Job.Status.Done && waited != null) {
            if (job.result().isSuccess()) {
                Object result = job.result().result();
                if (result != null) {
                    String text = format(result);
                    if (!text.isEmpty()) {
                        out.accept(text);
                    }
                }
                waited.complete(null);
            } else {
                Exception thrown = job.result().exception();
                failures.ifPresent(failure -> failure.accept(explained(thrown), job.command().toString()));
                waited.completeExceptionally(thrown);
            }
            if (failures.isPresent()) {
                background.remove(job);
            }
        }
    }

    private String format(Object result) {
        return session.format(result, Converter.INSPECT).toString();
    }

    @Override
    public void close() {
        session.close();
    }
}
