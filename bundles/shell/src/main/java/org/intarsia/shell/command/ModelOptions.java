package org.intarsia.shell.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.Image;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;

/** The options that commands which run a model share. */
public final class ModelOptions {
    static final String MODEL = PlacementOptions.MODEL;
    static final String BACKEND = PlacementOptions.BACKEND;
    static final String DEVICE = PlacementOptions.DEVICE;
    static final String IMAGE = "--image";
    static final String SEED = PlacementOptions.SEED;
    static final String TEMPERATURE = "--temperature";
    static final String TOP_K = "--top-k";
    static final String TOP_P = "--top-p";
    static final String MIN_P = "--min-p";
    static final String REPETITION_PENALTY = "--repetition-penalty";
    static final String PRESENCE_PENALTY = "--presence-penalty";
    static final String FREQUENCY_PENALTY = "--frequency-penalty";

    /** Beyond this each token is as likely as any other, whatever the model says. */
    private static final double HOTTEST = 10;
    private static final long SEEDS = 1_000_000_000;

    private ModelOptions() {
    }

    /** Which model, and where it runs. */
    static Syntax placed(Syntax syntax) {
        return PlacementOptions.spread(PlacementOptions.adapted(PlacementOptions.placed(syntax, Engine.DEFAULT_MODEL)));
    }

    /** Where it runs. */
    static Placement placement(Arguments arguments) throws UsageException {
        return new Placement(arguments.value(BACKEND), arguments.value(DEVICE), arguments.value(PlacementOptions.PRECISION)
                .map(Precision::of), PlacementOptions.hosts(arguments));
    }

    /** How tokens are chosen. */
    static Syntax sampled(Syntax syntax) {
        return syntax
                .option(SEED, "N", "equal seeds give equal results; a new one each time where not given")
                .option(TEMPERATURE, "T", "0 takes the likeliest always, after the repetition penalty; more is more daring, "
                        + (int) HOTTEST + " at most")
                .option(TOP_K, "K", "choose among the K likeliest; 0 for all")
                .option(TOP_P, "P", "choose among the likeliest that have the share P together")
                .option(MIN_P, "P", "choose among those at least P times as likely as the likeliest; 0 for all")
                .option(REPETITION_PENALTY, "P", "how much less likely tokens are that were there before; 1 for no less; the"
                        + " model's own where not given")
                .option(PRESENCE_PENALTY, "P", "how much less likely tokens are that the answer has already; 0 for no less, -2 to 2")
                .option(FREQUENCY_PENALTY, "P", "the same for each time that the answer has them already; 0 for no less, -2 to 2");
    }

    /** A seed where nobody gave one, short enough to be typed again. */
    static long freshSeed() {
        return ThreadLocalRandom.current().nextLong(SEEDS);
    }

    /** Opens the model that was asked for. */
    static Model open(Engine engine, Arguments arguments) throws UsageException {
        return open(engine, arguments, placement(arguments));
    }

    /** Opens the model that was asked for, wherever it shall run. */
    static Model open(Engine engine, Arguments arguments, Placement placement) throws UsageException {
        return open(engine, arguments, Engine.DEFAULT_MODEL, placement);
    }

    /** Opens the model that was asked for, or this one. */
    static Model open(Engine engine, Arguments arguments, String otherwise, Placement placement) throws UsageException {
        return engine.open(named(engine, arguments, otherwise), placement, adapters(arguments));
    }

    /** The adapters that were asked for. */
    public static List<AdapterChoice> adapters(Arguments arguments) throws UsageException {
        return PlacementOptions.adapters(arguments).stream().map(each -> new AdapterChoice(each.folder(), each.weight())).toList();
    }

    /** The model that was asked for, or this one, as the engine opens it. */
    static String named(Engine engine, Arguments arguments, String otherwise) throws UsageException {
        return PlacementOptions.find(arguments, MODEL, arguments.value(MODEL).orElse(otherwise), engine::isInstalled);
    }

    /** The given options over what the model likes best; the seed is left alone. */
    static Sampling sampling(Arguments arguments, Sampling best) throws UsageException {
        double topP = arguments.decimal(TOP_P, best.topP(), 0, 1);
        if (topP == 0) {
            throw arguments.wrong(TOP_P + " takes a number above 0; " + TEMPERATURE + " 0 takes the likeliest always");
        }
        double penalty = arguments.decimal(REPETITION_PENALTY, best.repetitionPenalty(), 0, 1000);
        if (penalty == 0) {
            throw arguments.wrong(REPETITION_PENALTY + " takes a number above 0; 1 leaves all tokens as likely as they are");
        }
        return best.toBuilder()
                .temperature(arguments.decimal(TEMPERATURE, best.temperature(), 0, HOTTEST))
                .topK(arguments.integer(TOP_K, best.topK(), 0, Integer.MAX_VALUE))
                .topP(topP)
                .minP(arguments.decimal(MIN_P, best.minP(), 0, 1))
                .repetitionPenalty(penalty)
                .presencePenalty(arguments.decimal(PRESENCE_PENALTY, best.presencePenalty(), -Sampling.MOST_PENALTY, Sampling.MOST_PENALTY))
                .frequencyPenalty(arguments.decimal(FREQUENCY_PENALTY, best.frequencyPenalty(), -Sampling.MOST_PENALTY,
                        Sampling.MOST_PENALTY))
                .build();
    }

    /** The pictures that were handed in. */
    static List<Image> images(Arguments arguments) throws UsageException {
        List<Image> images = new ArrayList<>();
        for (Path file : arguments.paths(IMAGE)) {
            images.add(PictureFiles.read(file));
        }
        return images;
    }
}
