package org.intarsia.planning.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.intarsia.backend.api.Backend;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Planner;
import org.intarsia.planning.api.Planner.Host;
import org.intarsia.planning.api.Planner.Memory;
import org.intarsia.planning.api.Planner.Network;
import org.intarsia.planning.api.Planner.Question;
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

/** Tells from a configuration alone what a model needs. */
@Component(service = Command.class)
@IntarsiaCommand("plan")
public final class Plan implements Command {
    private static final String MODEL = "MODEL-OR-CONFIG";
    private static final String ENCODING = "--encoding";
    private static final String MEMORY = "--memory";
    private static final String BANDWIDTH = "--bandwidth";
    private static final String CONTEXT = "--context";
    private static final String HOSTS = "--hosts";
    private static final String LINK = "--link";
    private static final String ROUND_TRIP = "--round-trip";
    private static final List<Encoding> USUAL = List.of(Encoding.F32, Encoding.BF16, Encoding.Q8_0, Encoding.Q4_0,
            Encoding.Q4_K);
    /** A desktop's memory, a server's, an old graphics card's, a new one's. */
    private static final String USUAL_BANDWIDTHS = "30GB/s,300GB/s,900GB/s,3.35TB/s";
    /** Ten gigabits. */
    private static final String USUAL_LINK = "1.25GB/s";
    private static final double USUAL_ROUND_TRIP = 0.3;
    private static final double LONGEST_ROUND_TRIP = 10_000;

    private final Planner planner;
    private final Engine engine;
    @Reference
    private volatile List<Backend> backends;

    @Activate
    public Plan(@Reference Planner planner, @Reference Engine engine) {
        this.planner = planner;
        this.engine = engine;
    }

    /** A command outside of a framework. */
    Plan(Planner planner, Engine engine, List<Backend> backends) {
        this(planner, engine);
        this.backends = backends;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("plan", "tells from a configuration alone what a model needs: planned, not measured")
                .required(MODEL, "a config.json, a model, or one in the box: " + String.join(", ", Planner.SHAPES))
                .values(MODEL, Syntax.Kind.FILE)
                .repeated(ENCODING, "E", "how weights are stored: " + USUAL.stream().map(Encoding::name)
                        .collect(Collectors.joining(", ")) + " where not given")
                .words(ENCODING, Arrays.stream(Encoding.values()).filter(encoding -> !encoding.isInteger()).map(Encoding::name)
                        .toArray(String[]::new))
                .option(MEMORY, "SIZE,…", "devices that share the model, for example 8x80GB,24GB; each device of this machine"
                        + " by itself where not given")
                .option(BANDWIDTH, "RATE,…", "at which weights are read; " + USUAL_BANDWIDTHS + " where not given")
                .option(CONTEXT, "N", "tokens of a stream to keep; as many as the model can have where not given")
                .option(HOSTS, "SIZE@RATE,…", "hosts that divide the layers, by memory and the rate at which they read it, the one with"
                        + " the prompt first, for example 64GB@30GB/s,4x24GB@900GB/s")
                .option(LINK, "RATE", "of the links between hosts; " + USUAL_LINK + " where not given")
                .option(ROUND_TRIP, "MS", "of the smallest message between hosts; " + USUAL_ROUND_TRIP + " where not given")
                .example("plan chameleon-405b --memory 8x80GB", "how many such devices each encoding takes, and what lies where")
                .example("plan chameleon-30b --encoding Q8_0 --hosts 3x24GB@30GB/s", "which layers each of three hosts gets, and how"
                        + " many tokens a second")
                .example("plan chameleon-7b --encoding Q8_0 --bandwidth 30GB/s", "tokens a second on a desktop, at most");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        List<Memory> given = memories(arguments);
        Blueprint blueprint = planner.blueprint(place(arguments)).named(name(arguments));
        ForecastText forecast = new ForecastText(planner.forecast(blueprint, new Question(encodings(arguments),
                given.isEmpty() ? devices() : given.stream().distinct().toList(), given, bandwidths(arguments),
                arguments.integer(CONTEXT, 0, 0, Integer.MAX_VALUE), network(arguments))));
        return new Result(forecast.forecast(), forecast.toString());
    }

    /** What the planner takes: the directory of an installed model, a path, or a name in the box. */
    private String place(Arguments arguments) throws UsageException {
        String asked = arguments.text(MODEL);
        Path path = arguments.resolve(MODEL, asked);
        if (Planner.SHAPES.contains(asked)) {
            return asked;
        }
        if (!Files.exists(path) && engine.isInstalled(asked)) {
            try (Model model = engine.open(asked, Placement.ANYWHERE)) {
                return model.directory().toString();
            }
        }
        return Files.exists(path) ? path.toAbsolutePath().toString() : asked;
    }

    /** An installed model's directory has a number for a name. */
    private static String name(Arguments arguments) {
        return Path.of(arguments.text(MODEL)).normalize().getFileName().toString();
    }

    private List<Memory> devices() {
        return backends.stream().sorted(Comparator.comparing(Backend::name)).flatMap(backend -> backend.devices().stream()
                .map(device -> new Memory(backend.name() + "/" + device.name(), device.memoryBytes()))).toList();
    }

    private static List<Encoding> encodings(Arguments arguments) {
        List<Encoding> given = arguments.values(ENCODING).stream().map(Encoding::valueOf).distinct().toList();
        return given.isEmpty() ? USUAL : given;
    }

    private static List<Memory> memories(Arguments arguments) throws UsageException {
        List<Memory> memories = new ArrayList<>();
        for (String size : counted(arguments, MEMORY, "sizes such as 24GB or 8x80GB")) {
            memories.add(new Memory(size, (long) Quantity.parse(arguments, MEMORY, size, "B")));
        }
        return memories;
    }

    /** The items of an option, each as often as the number before its x says. */
    private static List<String> counted(Arguments arguments, String option, String form) throws UsageException {
        List<String> items = new ArrayList<>();
        for (String item : words(arguments.value(option).orElse(""))) {
            String[] parts = item.split("x", 2);
            if (parts.length == 2 && !parts[0].matches("[1-9][0-9]{0,3}")) {
                throw arguments.wrong(option + " takes " + form + ", not a number of '" + parts[0] + "'");
            }
            items.addAll(Collections.nCopies(parts.length == 1 ? 1 : Integer.parseInt(parts[0]), parts[parts.length - 1]));
        }
        return items;
    }

    private static Optional<Network> network(Arguments arguments) throws UsageException {
        String form = "hosts such as 64GB@30GB/s or 4x24GB@900GB/s";
        List<Host> hosts = new ArrayList<>();
        for (String item : counted(arguments, HOSTS, form)) {
            String[] parts = item.split("@", 2);
            if (parts.length == 1) {
                throw arguments.wrong(HOSTS + " takes " + form + ", not '" + item + "'");
            }
            hosts.add(new Host(item, (long) Quantity.parse(arguments, HOSTS, parts[0], "B"),
                    Quantity.parse(arguments, HOSTS, parts[1], "B/s")));
        }
        double link = Quantity.parse(arguments, LINK, arguments.value(LINK).orElse(USUAL_LINK), "B/s");
        double roundTrip = arguments.decimal(ROUND_TRIP, USUAL_ROUND_TRIP, 0, LONGEST_ROUND_TRIP) / 1e3;
        if (hosts.isEmpty() && (arguments.value(LINK).isPresent() || arguments.value(ROUND_TRIP).isPresent())) {
            throw arguments.wrong(LINK + " and " + ROUND_TRIP + " are about " + HOSTS + ", which is not given");
        }
        return hosts.isEmpty() ? Optional.empty() : Optional.of(new Network(hosts, link, roundTrip));
    }

    private static List<Double> bandwidths(Arguments arguments) throws UsageException {
        List<Double> bandwidths = new ArrayList<>();
        for (String rate : words(arguments.value(BANDWIDTH).orElse(USUAL_BANDWIDTHS))) {
            bandwidths.add(Quantity.parse(arguments, BANDWIDTH, rate, "B/s"));
        }
        return bandwidths;
    }

    private static List<String> words(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    /** Numbers of bytes, as people write them: {@code 24GB}, {@code 22.5GiB}, {@code 3.35TB/s}. */
    static final class Quantity {
        private static final String PREFIXES = "kMGTP";

        private Quantity() {
        }

        static double parse(Arguments arguments, String option, String text, String unit) throws UsageException {
            String number = text.endsWith(unit) ? text.substring(0, text.length() - unit.length()) : "";
            int base = number.endsWith("i") ? 1024 : 1000;
            number = number.endsWith("i") ? number.substring(0, number.length() - 1) : number;
            int power = number.isEmpty() ? -1 : PREFIXES.indexOf(number.charAt(number.length() - 1));
            number = power < 0 ? number : number.substring(0, number.length() - 1);
            if (!number.matches("[0-9]{1,15}(\\.[0-9]{1,15})?") || Double.parseDouble(number) == 0) {
                throw arguments.wrong(option + " takes values such as 24G" + unit + " or 22.5Gi" + unit + ", not '" + text + "'");
            }
            return Double.parseDouble(number) * Math.pow(base, power + 1.0);
        }
    }
}
