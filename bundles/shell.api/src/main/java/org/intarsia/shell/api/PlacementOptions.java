package org.intarsia.shell.api;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.intarsia.text.Quoted;

/** The options that commands which run a model share: which model, and where. */
public final class PlacementOptions {
    /** Names the model. */
    public static final String MODEL = "--model";
    /** Names an adapter over the model's weights. */
    public static final String ADAPTER = "--adapter";
    /** Names the backend. */
    public static final String BACKEND = "--backend";
    /** Names the device of the backend. */
    public static final String DEVICE = "--device";
    /** The exactness with which the backend computes. */
    public static final String PRECISION = "--precision";
    /** Names other hosts that compute some layers. */
    public static final String HOSTS = "--hosts";
    /** The seed of what is drawn. */
    public static final String SEED = "--seed";

    private PlacementOptions() {
    }

    /**
     * Adds {@link #MODEL}, {@link #BACKEND}, {@link #DEVICE} and {@link #PRECISION}.
     *
     * @param byDefault the model that is meant where none is named
     */
    public static Syntax placed(Syntax syntax, String byDefault) {
        return device(syntax
                .option(MODEL, "NAME|DIR", "an installed model, a directory, or a GGUF file; " + byDefault + " where not given")
                .option(BACKEND, "NAME", "the backend that computes; the best one where not given")
                .option(PRECISION, "exact|fast", "fast lets the backend round activations, where it has something faster; where not given, fast for"
                        + " block-quantised weights, exact for others")
                .words(PRECISION, "exact", "fast")
                .values(BACKEND, Syntax.Kind.BACKEND)
                .values(MODEL, Syntax.Kind.MODEL));
    }

    /**
     * An adapter that was asked for.
     *
     * @param folder in the layout of PEFT
     * @param weight multiplies what it adds; 1 where none was given
     */
    public record Adapter(Path folder, double weight) {
    }

    /** Adds {@link #HOSTS}. */
    public static Syntax spread(Syntax syntax) {
        return syntax.option(HOSTS, "HOST:PORT,…|all", "other machines that run hosts serve and compute some of the layers; all for those that"
                + " `hosts` lists; none where not given");
    }

    /** Returns the hosts that were asked for. */
    public static List<String> hosts(Arguments arguments) throws UsageException {
        Optional<String> value = arguments.value(HOSTS);
        List<String> hosts = value.stream().flatMap(all -> Arrays.stream(all.split(","))).map(String::strip)
                .filter(host -> !host.isEmpty()).toList();
        if (value.isPresent() && hosts.isEmpty()) {
            throw arguments.wrong(HOSTS + " takes HOST:PORT, several separated by commas, or all; leave it out to compute here alone");
        }
        return hosts;
    }

    /** Adds {@link #ADAPTER}. */
    public static Syntax adapted(Syntax syntax) {
        return syntax.repeated(ADAPTER, "DIR[=WEIGHT]",
                "a low-rank adapter over the model, as PEFT saves it, and how much of it is added; 1 where not given")
                .values(ADAPTER, Syntax.Kind.FILE);
    }

    /** Returns the adapters that were asked for, in their order. */
    public static List<Adapter> adapters(Arguments arguments) throws UsageException {
        List<Adapter> adapters = new ArrayList<>();
        for (String value : arguments.values(ADAPTER)) {
            int equals = value.lastIndexOf('=');
            Path whole = arguments.resolve(ADAPTER, value);
            if (equals < 0 || Files.exists(whole)) {
                adapters.add(new Adapter(whole, 1));
            } else {
                adapters.add(new Adapter(arguments.resolve(ADAPTER, value.substring(0, equals)),
                        weight(arguments, value.substring(equals + 1))));
            }
        }
        return adapters;
    }

    private static double weight(Arguments arguments, String text) throws UsageException {
        try {
            double weight = Double.parseDouble(text);
            if (Double.isFinite(weight)) {
                return weight;
            }
        } catch (NumberFormatException e) {
            throw arguments.wrong(ADAPTER + " takes DIR or DIR=WEIGHT, and " + Quoted.of(text) + " is no number");
        }
        throw arguments.wrong(ADAPTER + " takes DIR or DIR=WEIGHT, and " + text + " is no weight");
    }

    /** Adds {@link #DEVICE}. */
    public static Syntax device(Syntax syntax) {
        return syntax.option(DEVICE, "NAME", "the device that computes, as `backends` lists it; the best one where not given")
                .values(DEVICE, Syntax.Kind.DEVICE);
    }

    /**
     * Returns what the engine opens: the path of a directory or file, or else the name as typed, which stands in its error
     * then. The name of an installed model goes before a directory of that name.
     *
     * @param argument  the argument that holds the value
     * @param asked     its value
     * @param installed tells the names of installed models
     */
    public static String find(Arguments arguments, String argument, String asked, Predicate<String> installed)
            throws UsageException {
        Path path = arguments.resolve(argument, asked);
        return !installed.test(asked) && Files.exists(path) ? path.toAbsolutePath().toString() : asked;
    }
}
