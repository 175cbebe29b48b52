package org.intarsia.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.intarsia.graph.Encoding;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Console;
import org.intarsia.shell.Progress;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.intarsia.shell.UsageException;
import org.intarsia.weights.tool.Conversion;
import org.osgi.service.component.annotations.Component;

/** Writes a checkpoint in another encoding. */
@Component(service = WeightsTask.class)
public final class WeightsConvert implements WeightsTask {
    private static final String IN = "IN";
    private static final String OUT = "OUT";
    private static final String ENCODING = "--encoding";
    private static final List<String> NAMES = Conversion.ENCODINGS.stream().map(Encoding::name).toList();

    @Override
    public Syntax syntax() {
        return Syntax.of(PREFIX + "convert", "writes a checkpoint in another encoding; an interrupted one goes on when called again")
                .required(IN, "a model directory, or a file")
                .required(OUT, "a directory, or a file that ends in .safetensors or .gguf")
                .values(IN, Syntax.Kind.FILE)
                .values(OUT, Syntax.Kind.FILE)
                .option(ENCODING, "E", String.join(", ", NAMES) + "; those with a Q need a GGUF file, and only matrices get them")
                .words(ENCODING, NAMES.toArray(String[]::new))
                .example("weights convert chameleon-7b chameleon-7b-q8 --encoding Q8_0", "half the size, and nearly the same");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        Encoding encoding = Encoding.valueOf(arguments.value(ENCODING).orElseThrow(() -> arguments.wrong(ENCODING + " E is missing")));
        try (Progress progress = console.progress()) {
            Conversion done = Watching.resumable(() -> Conversion.of(arguments.path(IN).orElseThrow(),
                    arguments.path(OUT).orElseThrow(), encoding, Watching.on(progress)));
            return new Result(done, text(done));
        }
    }

    private static String text(Conversion done) {
        List<String> lines = new ArrayList<>();
        long kept = done.kept().values().stream().mapToLong(List::size).sum();
        lines.add("%s: %s, %,d of %,d tensors in %s".formatted(done.file(), Sizes.bytes(done.bytes()), done.converted(),
                done.converted() + kept, done.encoding()));
        if (!done.kept().isEmpty()) {
            lines.add("as they were (norms, biases, convolutions, rows that are no whole blocks, integers): " + done.kept()
                    .entrySet().stream().map(entry -> "%,d in %s".formatted(entry.getValue().size(), entry.getKey()))
                    .collect(Collectors.joining(", ")));
        }
        return String.join("\n", lines);
    }
}
