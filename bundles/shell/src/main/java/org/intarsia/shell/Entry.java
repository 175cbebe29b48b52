package org.intarsia.shell;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.FailedResult;
import org.intarsia.shell.api.Syntax;
import org.intarsia.text.Quoted;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Runs one command for the launcher: finds it, hands it its arguments, prints its result or one line that says what
 * went wrong, and gives the exit status.
 * <p>
 * The arguments never pass through Gogo's parser, so quotes, {@code $} and brackets in them mean themselves.
 */
@Component(service = ToIntFunction.class, property = "org.intarsia.entry=true")
public final class Entry implements ToIntFunction<String[]> {
    private static final int DONE = 0;

    /** What people try before they know the commands. */
    private static final Map<String, String> ALIASES = Map.of(
            Syntax.HELP, "help", "-h", "help", "--version", "version");

    private final Catalogue catalogue;

    @Activate
    public Entry(@Reference Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        // Not System.in, out and err: Gogo has replaced those with streams that follow its sessions.
        Console console = new Console(new BufferedInputStream(new StandardInput()),
                StandardOutput.stream(Charset.forName(System.getProperty("stdout.encoding"))),
                new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.err)), true,
                        Charset.forName(System.getProperty("stderr.encoding"))));
        return run(Arrays.asList(arguments), console);
    }

    /** Runs the words on a console, and gives the exit status. */
    int run(List<String> words, Console console) {
        try {
            return complete(words, console);
        } catch (StandardOutput.Failed e) {
            // Nothing more can be said there.
            return report(e, words, console);
        } finally {
            // Flushed, not closed: the launcher may still have something to say.
            console.err().flush();
        }
    }

    private int complete(List<String> words, Console console) {
        int status;
        try {
            String text = Quoted.lines(String.valueOf(call(words, console)));
            if (!text.isEmpty()) {
                console.out().println(text);
            }
            status = DONE;
        } catch (StandardOutput.Failed e) {
            throw e;
        } catch (Exception | Error e) {
            console.out().flush();
            status = report(e, words, console);
        }
        console.out().flush();
        return status;
    }

    private static int report(Throwable thrown, List<String> words, Console console) {
        Failure failure = Failure.of(thrown);
        // Programs read one stream. Where it cannot be written, or holds a result already, the other one is left.
        if (words.contains(Syntax.JSON) && !(thrown instanceof StandardOutput.Failed || thrown instanceof FailedResult)) {
            console.out().println(failure.json());
        } else {
            console.err().println("intarsia: " + failure.sentence());
        }
        if (words.contains(Syntax.VERBOSE)) {
            thrown.printStackTrace(console.err());
        }
        return failure.status();
    }

    private Object call(List<String> words, Console console) throws Exception {
        // `intarsia --verbose imagine …` is `intarsia imagine --verbose …`.
        boolean early = words.getFirst().equals(Syntax.VERBOSE) && words.size() > 1;
        List<String> call = early ? words.subList(1, words.size()) : words;
        String name = ALIASES.getOrDefault(call.getFirst(), call.getFirst());
        return catalogue.command(name).call(call.subList(1, call.size()), Path.of(""), console);
    }
}
