package org.intarsia.shell.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.shell.Arguments;
import org.intarsia.shell.Command;
import org.intarsia.shell.Console;
import org.intarsia.shell.Progress;
import org.intarsia.shell.Result;
import org.intarsia.shell.Syntax;
import org.intarsia.shell.UsageException;
import org.intarsia.training.api.Training;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Measures matrix products, a model and training beside the device's limits. */
@Component(service = Command.class)
@GogoCommand(scope = Command.SCOPE, function = "bench")
public final class Bench implements Command {
    private static final double SECONDS = 3;

    private final Meter meter;
    private final Engine engine;
    private final Training training;

    /** Made by Declarative Services. */
    @Activate
    public Bench(@Reference Meter meter, @Reference Engine engine, @Reference Training training) {
        this.meter = meter;
        this.engine = engine;
        this.training = training;
    }

    @Override
    public Syntax syntax() {
        return ModelOptions.placed(Syntax.of("bench", "measures products, a model and training beside the device's limits"))
                .option("--seconds", "N", "how long to measure each rate; %.0f where not given".formatted(SECONDS))
                .example("bench --seconds 5", "steadier rates");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Duration each = Duration.ofNanos((long) (1e9 * arguments.decimal("--seconds", SECONDS, 0, 3600)));
        try (Progress progress = console.progress()) {
            Meter.Rates rates = meter.measure(ModelOptions.placement(arguments), each, progress::show);
            double most = rates.limits().floatOperations();
            List<Product> products = rates.products().stream().map(product -> new Product(product.rows(), product.inner(),
                    product.columns(), product.floatOperationsPerSecond(), product.floatOperationsPerSecond() / most)).toList();
            Modelled model = pace(arguments, rates, each, progress);
            List<Learning> learning = new ArrayList<>();
            for (String recipe : training.recipes()) {
                training.measure(recipe, new Training.Where(rates.backend(), Optional.of(rates.device().name())), each, progress::show).forEach(rate -> learning.add(
                        new Learning(recipe, rate.stage(), rate.samplesPerSecond(), rate.floatOperationsPerSecond(),
                                rate.floatOperationsPerSecond() / most)));
            }
            Measured measured = new Measured(rates.backend(), rates.device(), rates.limits(), products, model,
                    learning);
            return new Result(measured, measured.table());
        }
    }

    /** On the very device that was measured. */
    private Modelled pace(Arguments arguments, Meter.Rates rates, Duration each, Progress progress) throws UsageException {
        Placement placement = new Placement(Optional.of(rates.backend()), Optional.of(rates.device().name()));
        try (Model model = ModelOptions.open(engine, arguments, placement)) {
            Meter.Pace pace = meter.measure(model, each, progress::show);
            return new Modelled(model.name(), pace, pace.decodeBytes() / rates.limits().bytes());
        }
    }

    /** What {@code --json} prints; operations are F32, a multiply-add counts as two. */
    public record Measured(String backend, DeviceInfo device, Limits limits, List<Product> products,
            Modelled model, List<Learning> training) {
        private String table() {
            List<String> lines = new ArrayList<>();
            lines.add(backend + "/" + device.name() + ": " + device.description());
            lines.add(line("%-44s %10.1f GFLOP/s, copies %.1f GB/s", "limits", limits.floatOperations() / 1e9,
                    limits.bytes() / 1e9));
            lines.add(line("%-44s %10s %8s", "matrix products, F32", "GFLOP/s", "of limit"));
            products.forEach(product -> lines.add(line("%-44s %10.1f %6.0f %%", "  %d × %d · %d × %d".formatted(product.rows,
                    product.inner, product.inner, product.columns), product.floatOperationsPerSecond / 1e9,
                    100 * product.shareOfLimit)));
            lines.add("model " + model.name);
            lines.add(line("%-44s %10.1f tokens/s", "  reads " + model.pace.promptTokens() + " tokens at once",
                    model.pace.prefillPerSecond()));
            lines.add(line("%-44s %10.1f tokens/s, %.1f GB/s of weights, %.0f %% of copies", "  makes one token after the other",
                    model.pace.decodePerSecond(), model.pace.decodeBytes() / 1e9, 100 * model.shareOfCopies));
            model.pace.picturesPerSecond().forEach((together, rate) -> lines.add(line("%-44s %10.2f pictures/s",
                    "  makes pictures, " + together + " at once", rate)));
            lines.add(line("%-32s %11s %10s %8s", "training", "samples/s", "GFLOP/s", "of limit"));
            training.forEach(rate -> lines.add(line("%-32s %11.1f %10.1f %6.0f %%", "  " + rate.recipe + " " + rate.stage,
                    rate.samplesPerSecond, rate.floatOperationsPerSecond / 1e9, 100 * rate.shareOfLimit)));
            return String.join("\n", lines);
        }

        private static String line(String format, Object... values) {
            return String.format(Locale.ROOT, format, values);
        }
    }

    /** A linear layer (rows, inner) · (inner, columns). */
    public record Product(int rows, int inner, int columns, double floatOperationsPerSecond, double shareOfLimit) {
    }

    /** A model; {@code shareOfCopies} compares the bytes of weights that it reads with those that a copy moves. */
    public record Modelled(String name, Meter.Pace pace, double shareOfCopies) {
    }

    /** One stage of a recipe. */
    public record Learning(String recipe, String stage, double samplesPerSecond, double floatOperationsPerSecond,
            double shareOfLimit) {
    }
}
