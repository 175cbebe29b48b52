package org.intarsia.planning.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Planner;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Interrupts;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Sizes;
import org.intarsia.shell.api.Syntax;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes a checkpoint of random weights. */
@Component(service = Command.class)
@IntarsiaCommand("weights random")
public final class WeightsRandom implements Command {
    private static final String CONFIG = "CONFIG";
    private static final String OUT = "--out";
    private static final String ENCODING = "--encoding";
    private static final String SEED = "--seed";

    private final Planner planner;

    @Activate
    public WeightsRandom(@Reference Planner planner) {
        this.planner = planner;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("weights random", "makes a checkpoint of random weights, to measure with; an interrupted one goes on"
                + " when called again")
                .required(CONFIG, "a config.json, a model directory, or one in the box: " + String.join(", ", Planner.SHAPES))
                .values(CONFIG, Syntax.Kind.FILE)
                .option(OUT, "DIR", "the directory to make")
                .option(ENCODING, "E", "how matrices are stored; BF16 where not given")
                .words(ENCODING, Planner.WRITABLE.stream().map(Encoding::name).toArray(String[]::new))
                .option(SEED, "N", "equal seeds give equal weights; 0 where not given")
                .example("weights random chameleon-7b --encoding Q8_0 --out random-7b", "7.6 GB in the shape of that model");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws Exception {
        String asked = arguments.text(CONFIG);
        Path path = arguments.resolve(CONFIG, asked);
        String config = !Planner.SHAPES.contains(asked) && Files.exists(path) ? path.toString() : asked;
        Path out = arguments.path(OUT).orElseThrow(() -> arguments.wrong(OUT + " DIR is missing"));
        Encoding encoding = Encoding.valueOf(arguments.value(ENCODING).orElse(Encoding.BF16.name()));
        long start = System.nanoTime();
        try (Progress progress = console.progress()) {
            long seed = arguments.integer(SEED).orElse(0);
            long bytes = Interrupts.resumable(() -> planner.write(config, encoding, out, seed, progress::bytes));
            Made made = new Made(out.toString(), encoding, bytes, (System.nanoTime() - start) / 1e9);
            return new Result(made, String.format(Locale.ROOT, "%s: %s of random weights in %.1f s", out, Sizes.bytes(bytes),
                    made.seconds()));
        }
    }

    /** What {@code --json} prints. */
    public record Made(String out, Encoding encoding, long bytes, double seconds) {
    }
}
