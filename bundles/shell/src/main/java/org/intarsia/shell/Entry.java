package org.intarsia.shell;

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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
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

    private final BundleContext context;
    private final Catalogue catalogue;

    /** Made by Declarative Services. */
    @Activate
    public Entry(BundleContext context, @Reference Catalogue catalogue) {
        this.context = context;
        this.catalogue = catalogue;
    }

    @Override
    public int applyAsInt(String[] arguments) {
        // Not System.out and System.err: Gogo has replaced those with streams that follow its sessions.
        try (PrintStream out = stream(FileDescriptor.out, "stdout.encoding");
             PrintStream err = stream(FileDescriptor.err, "stderr.encoding")) {
            List<String> words = Arrays.asList(arguments);
            try {
                // `intarsia --verbose imagine …` is `intarsia imagine --verbose …`.
                boolean early = words.getFirst().equals(Syntax.VERBOSE) && words.size() > 1;
                List<String> call = early ? words.subList(1, words.size()) : words;
                String name = ALIASES.getOrDefault(call.getFirst(), call.getFirst());
                Object printed = catalogue.command(name)
                        .call(call.subList(1, call.size()), Path.of(""), new Console(System.in, out, err));
                String text = String.valueOf(printed);
                if (!text.isEmpty()) {
                    out.println(text);
                }
                return DONE;
            } catch (Exception | Error e) {
                Failure failure = Failure.of(e);
                out.flush();
                // A platform that is being stopped (control-C) takes services away; that is no news.
                if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE) {
                    err.println("intarsia: " + failure.sentence());
                    if (words.contains(Syntax.VERBOSE)) {
                        e.printStackTrace(err);
                    }
                }
                return failure.status();
            }
        }
    }

    private static PrintStream stream(FileDescriptor descriptor, String encoding) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor)), true,
                Charset.forName(System.getProperty(encoding)));
    }
}
