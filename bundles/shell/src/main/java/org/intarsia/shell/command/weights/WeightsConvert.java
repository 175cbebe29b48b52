package org.intarsia.shell.command.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.intarsia.graph.Encoding;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Interrupts;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.intarsia.text.Quoted;
import org.intarsia.weights.tool.Conversion;
import org.osgi.service.component.annotations.Component;

/** Writes a checkpoint in another encoding. */
@Component(service = Command.class)
@IntarsiaCommand(WeightsCommand.PREFIX + "convert")
public final class WeightsConvert implements Command {
    private static final String IN = "IN";
    private static final String OUT = "OUT";
    private static final String ENCODING = "--encoding";
    private static final List<String> NAMES = Conversion.ENCODINGS.stream().map(Encoding::name).toList();

    @Override
    public Syntax syntax() {
        return Syntax.of(WeightsCommand.PREFIX + "convert", "writes a checkpoint in another encoding; an interrupted one goes on when called again")
                .required(IN, "a model directory, or a file")
                .required(OUT, "a directory, or a file that ends in .safetensors or .gguf; a directory of a text family becomes a .gguf file as"
                        + " llama.cpp reads it")
                .values(IN, Syntax.Kind.FILE)
                .values(OUT, Syntax.Kind.FILE)
                .option(ENCODING, "E", String.join(", ", NAMES) + "; those with a Q need a GGUF file, and only matrices get them")
                .words(ENCODING, NAMES.toArray(String[]::new))
                .example("weights convert chameleon-7b chameleon-7b-q8 --encoding Q8_0", "half the size, and nearly the same")
                .example("weights convert llama llama.gguf --encoding Q8_0", "one file, which llama.cpp reads, too");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        Encoding encoding = Encoding.valueOf(arguments.value(ENCODING).orElseThrow(() -> arguments.wrong(ENCODING + " E is missing")));
        try (Progress progress = console.progress()) {
            Conversion done = Interrupts.resumable(() -> Conversion.of(arguments.path(IN).orElseThrow(),
                    arguments.path(OUT).orElseThrow(), encoding, progress::bytes));
            return new Result(done, text(done));
        }
    }

    private static String text(Conversion done) {
        List<String> lines = new ArrayList<>();
        long kept = done.kept().values().stream().mapToLong(List::size).sum();
        lines.add(String.format(Locale.ROOT, "%s: %s, %,d of %s in %s", done.file(), Sizes.bytes(done.bytes()),
                done.converted(),
                Sizes.counted(done.converted() + kept, "tensor"), done.encoding()));
        if (!done.kept().isEmpty()) {
            lines.add("otherwise (norms, biases, convolutions, rows that are no whole blocks, integers): " + done.kept()
                    .entrySet().stream().map(entry -> String.format(Locale.ROOT, "%,d in %s", entry.getValue().size(),
                            entry.getKey()))
                    .collect(Collectors.joining(", ")));
        }
        lines.add("form: " + done.form());
        lines.addAll(done.notes());
        if (!done.overflows().isEmpty()) {
            lines.add(String.format(Locale.ROOT, "too large for %s, and infinite now: %s; BF16 and F32 reach further than F16",
                    done.encoding(), done.overflows().entrySet().stream().map(entry -> String.format(Locale.ROOT,
                            "%s of %s", Sizes.counted(entry.getValue(), "value"), Quoted.of(entry.getKey())))
                            .collect(Collectors.joining(", "))));
        }
        return String.join("\n", lines);
    }
}
