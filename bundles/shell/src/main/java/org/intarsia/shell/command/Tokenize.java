package org.intarsia.shell.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Inputs;
import org.intarsia.model.api.Tokenizer;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Turns lines of standard input into ids, or ids into text, line by line as they come. */
@Component(service = Command.class)
@IntarsiaCommand("tokenize")
public final class Tokenize implements Command {
    private static final String TOKENIZER = "--tokenizer";
    private static final String NO_SPECIAL = "--no-special";
    private static final String DECODE = "--decode";

    private final Engine engine;
    private final Inputs inputs;

    @Activate
    public Tokenize(@Reference Engine engine, @Reference Inputs inputs) {
        this.engine = engine;
        this.inputs = inputs;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("tokenize", "turns lines of standard input, each a JSON string, into JSON arrays of token ids")
                .option(ModelOptions.MODEL, "NAME|DIR", "an installed model, or a directory; " + Engine.DEFAULT_MODEL
                        + " where not given; its weights are not needed")
                .values(ModelOptions.MODEL, Syntax.Kind.MODEL)
                .option(TOKENIZER, "FILE", "a tokenizer.json, instead of a model")
                .values(TOKENIZER, Syntax.Kind.FILE)
                .flag(NO_SPECIAL, "add no special tokens; with " + DECODE + ", leave them out")
                .flag(DECODE, "the other way: JSON arrays of ids become JSON strings")
                .example("tokenize --tokenizer tokenizer.json", "an array of ids for each line that is typed");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException, IOException {
        boolean special = !arguments.flag(NO_SPECIAL);
        int lines = 0;
        try (Tokenizer tokenizer = tokenizer(arguments)) {
            for (Optional<byte[]> line = line(console.in()); line.isPresent(); line = line(console.in())) {
                lines++;
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("interrupted before line " + lines);
                }
                console.out().println(arguments.flag(DECODE)
                        ? JsonLines.text(tokenizer.decode(JsonLines.ids(line.get(), lines), special))
                        : JsonLines.ids(tokenizer.encode(JsonLines.text(line.get(), lines), special)));
            }
        }
        return new Result(new Tokenized(lines), "");
    }

    private Tokenizer tokenizer(Arguments arguments) throws UsageException {
        Optional<Path> file = arguments.path(TOKENIZER);
        if (file.isEmpty()) {
            return inputs.tokenizer(ModelOptions.named(engine, arguments, Engine.DEFAULT_MODEL));
        }
        if (arguments.value(ModelOptions.MODEL).isPresent()) {
            throw arguments.wrong(TOKENIZER + " and " + ModelOptions.MODEL + " say the same thing twice; give one of them");
        }
        return inputs.tokenizer(file.get());
    }

    /** The next line without its end; nothing behind the last. */
    private static Optional<byte[]> line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = in.read();
        }
        return Optional.of(line.toByteArray());
    }

    /**
     * What {@code --json} prints behind the lines.
     *
     * @param lines how many there were
     */
    public record Tokenized(int lines) {
    }
}
