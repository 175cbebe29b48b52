package org.intarsia.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.intarsia.training.api.Training;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Measures matrix products, attention, a model, its image decoder and training beside the device's limits. */
@Component(service = Command.class)
@IntarsiaCommand("bench")
public final class Bench implements Command {
    private static final String SECONDS = "--seconds";
    private static final String ONLY = "--only";
    private static final String BASELINE = "--baseline";
    private static final String LIMITS = "limits";
    private static final String PRODUCTS = "products";
    private static final String ATTENTION = "attention";
    private static final String MODEL = "model";
    private static final String DECODER = "decoder";
    private static final String TRAINING = "training";
    private static final double USUAL_SECONDS = 3;

    private final Meter meter;
    private final Engine engine;
    private final Training training;

    @Activate
    public Bench(@Reference Meter meter, @Reference Engine engine, @Reference Training training) {
        this.meter = meter;
        this.engine = engine;
        this.training = training;
    }

    @Override
    public Syntax syntax() {
        return Opening.placed(Syntax.of("bench", "measures products, attention, a model and training beside the device's limits"))
                .option(SECONDS, "N", String.format(Locale.ROOT,
                        "how long to measure each rate; %.0f where not given; what would take more than %d",
                        USUAL_SECONDS, Meter.LONGEST) + " times that is left out")
                .repeated(ONLY, "PART", "limits, products, attention, model, decoder (the image decoder of a model) or training; all"
                        + " where not given; limits are always measured")
                .words(ONLY, LIMITS, PRODUCTS, ATTENTION, MODEL, DECODER, TRAINING)
                .option(BASELINE, "FILE", "compares with an earlier run, as shares of the limits of each; where there is no such file,"
                        + " this run is kept there")
                .example("bench --seconds 5", "steadier rates")
                .example("bench --only model --model DIR", "how fast one model reads and writes, alone and in batches");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        Duration each = Duration.ofNanos((long) (1e9 * arguments.decimal(SECONDS, USUAL_SECONDS, 0, 3600)));
        Optional<Path> file = arguments.path(BASELINE);
        // Before minutes go into what could not be compared.
        Optional<Baseline> baseline = file.isEmpty() ? Optional.empty() : read(arguments, file.get());
        try (Progress line = console.progress()) {
            Consumer<String> progress = news -> {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("bench was interrupted");
                }
                line.show(news);
            };
            Placement wanted = Opening.placement(arguments);
            Meter.Roofline roofline = meter.limits(wanted, progress);
            // On the very device that was measured.
            Placement placement = new Placement(Optional.of(roofline.backend()), Optional.of(roofline.device().name()),
                    wanted.precision(), wanted.hosts());
            // The model first: where it cannot be opened, nothing else was measured for nothing.
            OfModel ofModel = ofModel(arguments, placement, roofline, each, progress);
            Measured measured = new Measured(roofline.backend(), roofline.device(), roofline.limits(),
                    placement.precision().orElse(Precision.FAST).toString(),
                    asked(arguments, PRODUCTS) ? products(placement, roofline, each, progress) : List.of(),
                    asked(arguments, ATTENTION) ? attention(placement, roofline, each, progress) : List.of(),
                    ofModel.model, ofModel.decoder,
                    asked(arguments, TRAINING) ? training(roofline, each, progress) : List.of(), Optional.empty());
            Measured told = baseline.map(measured::beside).orElse(measured);
            if (file.isEmpty() || baseline.isPresent()) {
                return new Result(told, BenchTable.of(told));
            }
            Baseline now = Baseline.of(measured);
            if (now.shares().isEmpty()) {
                throw arguments.wrong("nothing was measured that " + BASELINE + " could keep; leave out " + ONLY + ", or name other parts");
            }
            now.write(file.get());
            return new Result(told, BenchTable.of(told) + "\nkept in " + file.get() + " for later runs with --baseline");
        } catch (IOException e) {
            throw arguments.wrong(file.orElseThrow() + " cannot be written: " + e.getMessage());
        }
    }

    private static Optional<Baseline> read(Arguments arguments, Path file) throws UsageException {
        try {
            return Baseline.read(file);
        } catch (IOException e) {
            throw arguments.wrong(e.getMessage());
        }
    }

    private static boolean asked(Arguments arguments, String part) {
        List<String> parts = arguments.values(ONLY);
        return parts.isEmpty() || parts.contains(part);
    }

    private List<Measured.Product> products(Placement placement, Meter.Roofline roofline, Duration each,
            Consumer<String> progress) {
        return meter.products(placement, each, progress).stream()
                .map(product -> Measured.Product.of(product, roofline.limits())).toList();
    }

    private List<Measured.Attention> attention(Placement placement, Meter.Roofline roofline, Duration each,
            Consumer<String> progress) {
        return meter.attention(placement, each, progress).stream()
                .map(attention -> Measured.Attention.of(attention, roofline.limits())).toList();
    }

    /** What is measured of a model, each part only where it was asked for. */
    private record OfModel(Optional<Measured.Modelled> model, Optional<Measured.Decoder> decoder) {
    }

    private OfModel ofModel(Arguments arguments, Placement placement, Meter.Roofline roofline, Duration each,
            Consumer<String> progress) throws UsageException {
        boolean pace = asked(arguments, MODEL);
        // A model of text alone has no image decoder, which matters only where that was asked for by name.
        boolean named = arguments.values(ONLY).contains(DECODER);
        if (!pace && !named) {
            return new OfModel(Optional.empty(), Optional.empty());
        }
        try (Model model = Opening.open(engine, arguments, placement)) {
            boolean decoder = named || asked(arguments, DECODER) && model.makes(Goal.PICTURE);
            return new OfModel(
                    pace ? Optional.of(Measured.Modelled.of(model.name(), model.precision(),
                            meter.pace(model, each, progress), roofline.limits())) : Optional.empty(),
                    decoder ? Optional.of(Measured.Decoder.of(model.name(), meter.decoding(model, each, progress)))
                            : Optional.empty());
        }
    }

    private List<Measured.Learning> training(Meter.Roofline roofline, Duration each, Consumer<String> progress) {
        Training.Where where = new Training.Where(roofline.backend(), Optional.of(roofline.device().name()));
        List<Measured.Learning> learning = new ArrayList<>();
        for (String recipe : training.recipes()) {
            training.measure(recipe, where, each, progress)
                    .forEach(rate -> learning.add(Measured.Learning.of(recipe, rate, roofline.limits())));
        }
        return learning;
    }
}
