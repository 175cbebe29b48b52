package org.intarsia.shell.interactive;

import java.io.BufferedReader;
import java.io.IOError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.apache.felix.gogo.jline.Highlighter;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandSessionImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.intarsia.shell.Failure;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.FailedResult;
import org.intarsia.shell.api.Interrupts;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.script.Script;
import org.intarsia.shell.script.ShieldedChannels;
import org.intarsia.shell.script.Statement;
import org.intarsia.text.Quoted;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * Reads lines from a terminal, runs them and shows what they give, until {@code exit}, the end of the input or the loss of
 * the connection.
 * <p>
 * Ctrl-C interrupts the commands of the line that runs; the prompt comes back once they have ended. A second Ctrl-C does
 * not wait for them.
 */
public final class InteractiveShell {
    /** Variable of a session: its interactive shell. */
    public static final String VARIABLE = ".intarsia.shell";
    /** Variable of a session that stands for a client which knows no terminal: its lines are read as they come. */
    public static final String PLAIN = ".intarsia.plain";
    private static final Size USUAL_SIZE = new Size(80, 24);
    /** Carriage return, then "erase to the end of the line". */
    private static final String REWIND = "\r\033[K";

    private final CommandSession session;
    private final Terminal terminal;
    private final Optional<LineReader> reader;
    private final Script script;
    private final boolean coloured;
    private volatile boolean ended;

    /**
     * @param session a session that has just been made, with its terminal in a variable
     * @param completer completes words
     */
    public InteractiveShell(CommandProcessor processor, CommandSession session, Completer completer) {
        this.session = session;
        this.terminal = Shell.getTerminal(session);
        if (terminal.getWidth() == 0) {
            // A terminal that does not say its size would show nothing of a line.
            terminal.setSize(USUAL_SIZE);
        }
        // By convention, no colours are wanted where this variable is set and not empty.
        this.coloured = Optional.ofNullable(System.getenv("NO_COLOR")).filter(value -> !value.isEmpty()).isEmpty();
        ShieldedChannels.protect(processor, session);
        session.put("exit", (Function) (caller, arguments) -> end());
        if (!coloured) {
            // Tools of Gogo paint unless they find no colour of theirs.
            session.put("LS_COLORS", "no=0");
            session.put("GREP_COLORS", "no=0");
        }
        this.reader = session.get(PLAIN) == null ? Optional.of(reader(completer)) : Optional.empty();
        reader.ifPresent(made -> {
            session.put(Shell.VAR_READER, made);
            session.put(Console.TERMINAL, true);
        });
        this.script = new Script(session, this::show, this::complain);
    }

    private LineReader reader(Completer completer) {
        LineReaderBuilder builder = LineReaderBuilder.builder().terminal(terminal)
                .variables(((CommandSessionImpl) session).getVariables())
                .completer(completer).parser(new LineParser())
                .option(LineReader.Option.AUTO_FRESH_LINE, true)
                // An exclamation mark is a character.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        if (coloured) {
            builder.highlighter(new Painter(session));
        } else {
            for (String part : new String[] {LineReader.COMPLETION_STYLE_STARTING, LineReader.COMPLETION_STYLE_DESCRIPTION,
                    LineReader.COMPLETION_STYLE_GROUP, LineReader.COMPLETION_STYLE_SELECTION,
                    LineReader.COMPLETION_STYLE_BACKGROUND}) {
                builder.variable(part, part.equals(LineReader.COMPLETION_STYLE_SELECTION) ? "inverse" : "");
            }
        }
        return builder.build();
    }

    private Object end() {
        ended = true;
        return null;
    }

    /** Reads and runs lines; returns when the session is over, which itself stays open. */
    public void run() {
        SignalHandler interrupt = terminal.handle(Signal.INT, signal -> interrupt());
        SignalHandler suspend = terminal.handle(Signal.TSTP, signal -> Optional.ofNullable(session.foregroundJob())
                .ifPresent(Job::suspend));
        try {
            BufferedReader lines = new BufferedReader(terminal.reader());
            while (!ended) {
                Optional<String> line = read(lines);
                if (line.isEmpty()) {
                    return;
                }
                run(line.get());
                if (terminal.writer().checkError()) {
                    // What is shown can no longer be written: the pipe is closed, or the disk is full.
                    ended = true;
                }
            }
        } catch (IOException | IOError e) {
            // The connection is lost, or the terminal was closed since the platform stops.
            ended = true;
        } finally {
            terminal.handle(Signal.INT, interrupt);
            terminal.handle(Signal.TSTP, suspend);
        }
    }

    /** The next line; nothing where no more can come. */
    private Optional<String> read(BufferedReader lines) throws IOException {
        String prompt = Shell.getPrompt(session);
        if (reader.isEmpty()) {
            terminal.writer().print(prompt);
            terminal.flush();
            return Optional.ofNullable(lines.readLine());
        }
        while (true) {
            try {
                return Optional.of(reader.get().readLine(prompt));
            } catch (UserInterruptException e) {
                // Ctrl-C at the prompt begins a new line.
                continue;
            } catch (EndOfFileException e) {
                ended = true;
                // The last line of a file may lack its end.
                return Optional.ofNullable(e.getPartialLine()).filter(last -> !last.isBlank());
            }
        }
    }

    private void run(String line) {
        try {
            script.runStatements(line);
        } catch (Exception | Error e) {
            session.put(Shell.VAR_EXCEPTION, e);
            if (script.isInterrupted()) {
                // A progress line may stand there still.
                terminal.writer().print(REWIND);
            }
            complain(e, e instanceof Exception ? script.failed() : line);
        }
    }

    /** Interrupts what the last line began, as Ctrl-C does. */
    public void interrupt() {
        script.interrupt();
    }

    private void show(String text) {
        if (reader.isPresent() && session.foregroundJob() == null && reader.get().isReading()) {
            reader.get().printAbove(text);
        } else {
            terminal.writer().println(text);
            terminal.flush();
        }
    }

    /** Paints what is typed. Gogo adds what is missing to the end of a statement, which nobody has typed. */
    private static final class Painter extends Highlighter {
        Painter(CommandSession session) {
            super(session);
        }

        @Override
        public AttributedString highlight(LineReader reader, String buffer) {
            AttributedString painted = super.highlight(reader, buffer);
            return painted.subSequence(0, Math.min(painted.length(), buffer.length()));
        }
    }

    /** Tells a failure as the system's shell is told it: as JSON, or with its stack trace, where the statement asks for that. */
    private void complain(Throwable thrown, String statement) {
        Failure failure = Failure.of(thrown);
        if (Statement.calls(statement, Syntax.JSON) && !(thrown instanceof FailedResult)) {
            show(failure.json());
        } else {
            AttributedStringBuilder sentence = new AttributedStringBuilder();
            sentence.styled(coloured ? AttributedStyle.DEFAULT.foreground(AttributedStyle.RED) : AttributedStyle.DEFAULT,
                    failure.sentence());
            show(reader.isPresent() ? sentence.toAnsi(terminal) : sentence.toString());
        }
        if (Statement.calls(statement, Syntax.VERBOSE)) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            show(Quoted.lines(trace.toString().stripTrailing()));
        }
    }
}
