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

    /** Made by Declarative Services. */
    @Activate
    public Entry(@Reference Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        // Not System.in, out and err: Gogo has replaced those with streams that follow its sessions.
        Console console = new Console(new BufferedInputStream(new StandardInput()),
                stream(FileDescriptor.out, "stdout.encoding"), stream(FileDescriptor.err, "stderr.encoding"));
        List<String> words = Arrays.asList(arguments);
        try {
            String text = String.valueOf(call(words, console));
            if (!text.isEmpty()) {
                console.out().println(text);
            }
            return DONE;
        } catch (Exception | Error e) {
            Failure failure = Failure.of(e);
            console.out().flush();
            console.err().println("intarsia: " + failure.sentence());
            if (words.contains(Syntax.VERBOSE)) {
                e.printStackTrace(console.err());
            }
            return failure.status();
        } finally {
            // Flushed, not closed: the launcher may still have something to say.
            console.out().flush();
            console.err().flush();
        }
    }

    private Object call(List<String> words, Console console) throws Exception {
        // `intarsia --verbose imagine …` is `intarsia imagine --verbose …`.
        boolean early = words.getFirst().equals(Syntax.VERBOSE) && words.size() > 1;
        List<String> call = early ? words.subList(1, words.size()) : words;
        String name = ALIASES.getOrDefault(call.getFirst(), call.getFirst());
        return catalogue.command(name).call(call.subList(1, call.size()), Path.of(""), console);
    }

    private static PrintStream stream(FileDescriptor descriptor, String encoding) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor)), true,
                Charset.forName(System.getProperty(encoding)));
    }
}
